"""Which series are due, and what may they cost? What both collectors of metrics share."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.attention import Attention
from collectors.aws.cloudwatch import pace
from collectors.aws.cloudwatch.batch import MOST_SERIES, Answered, Batch, ask, batches
from collectors.aws.cloudwatch.roster import Roster, by_tier
from collectors.aws.cloudwatch.till import Purse, Till
from collectors.aws.cloudwatch.tracks import Track
from collectors.aws.known import Found, Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Denied
from collectors.readings import ResourceId

PACED_EVERY = pace.MINUTE / 2


Waiting = list[list[tuple[int, Track]]]
"""By tier: series, each with its tier."""


@dataclass(frozen=True, slots=True)
class Paced:
    """How one tier is asked for. ``every`` None: not at all."""

    tier: int
    series: int
    every: timedelta | None
    usd_per_day: float


class Desk:
    """``extra``: names of the values that somebody wants of a resource beside the usual ones."""

    def __init__(
        self,
        readers: Callable[[Place], Reader],
        known: Known,
        attention: Callable[[], Attention],
        *,
        purse: Purse,
        now: Callable[[], datetime],
        extra: Callable[[Found], Iterable[str]] = lambda _: (),
    ) -> None:
        self._reader = readers
        self.attention = attention
        self.now = now
        self._roster = Roster(known, extra)
        self._till = Till(purse, now)
        self._looked_at = Attention()
        self._demand: pace.Demand = ({},) * pace.TIERS
        self._step = 0
        self._paced_at: datetime | None = None
        self._paced_for = 0
        self._denied: set[Place] = set()

    def interval(self, about: ResourceId) -> timedelta:
        """How often the essential metrics of a resource are asked for at present.

        Where they are not, what came before is soon stale. By what was looked at in the last pass: it asked by that.
        """
        chosen = self._intervals[pace.tier(first=self._looked_at.first(about), essential=True)]
        return pace.MINUTE if chosen == pace.NEVER else chosen

    def due(self, place: Place, attention: Attention, tried: Container[str] = ()) -> list[Batch]:
        """What to ask for now, what matters most first, but not what was tried in this pass.

        In a tier the one that has waited longest goes first: a pass that is too short for all leaves out others then.
        """
        now, tracks = self.now(), self._roster.of(place)
        self._looked_at = attention
        self._pace(now)
        waiting: Waiting = [[] for _ in range(pace.TIERS)]
        for tier, track in by_tier(tracks, attention):
            interval = self._intervals[tier]
            if interval != pace.NEVER and track.is_due(now, interval) and track.id not in tried:
                waiting[tier].append((tier, track))
        for chosen in waiting:
            chosen.sort(key=_longest_first)
        chosen = self._affordable(waiting)
        seen = sum(pace.matters(tier) for tier, _ in chosen)
        return [batch for part in (chosen[:seen], chosen[seen:]) for batch in batches(part, Track.window, now)]

    def past_due(self, place: Place) -> Batch | None:
        """The next of what has no past yet, what matters most first; None where all is there or it is too dear."""
        now = self.now()
        waiting: Waiting = [[] for _ in range(pace.TIERS)]
        for tier, track in by_tier(self._roster.of(place), self.attention()):
            if self._intervals[tier] != pace.NEVER and track.wants_past(now):
                waiting[tier].append((tier, track))
        chosen = self._affordable(waiting, spare=True)[:MOST_SERIES]
        return next(batches(chosen, Track.past, now), None)

    async def ask(self, place: Place, batch: Batch) -> Answered:
        """Its answer. Each request is paid for beforehand, as often as it may be sent."""
        try:
            answered = await ask(self._reader(place), batch, self._paying)
        except Denied:
            self._denied.add(place)
            raise
        self._denied.discard(place)
        return answered

    def is_denied(self, place: Place) -> bool:
        """Whether no metric at all may be read there, as far as the last question tells."""
        return place in self._denied

    def tracks(self, place: Place, about: ResourceId) -> Sequence[Track]:
        """All series of one resource."""
        return self._roster.of(place).get(about, ())

    def can_buy(self, series: int) -> bool:
        """Whether the day's money reaches for so many, whoever else may want some."""
        return self._till.buys(self._till.left()) >= series

    def paces(self) -> Iterator[Paced]:
        """How each tier is asked for at present, what matters most first."""
        for tier, (of_tier, interval) in enumerate(zip(self._demand, self._intervals, strict=True)):
            usd = pace.usd_per_day(of_tier, interval, self._till.price)
            yield Paced(tier, sum(of_tier.values()), None if interval == pace.NEVER else interval, usd)

    def must_be_affordable(self, place: Place) -> None:
        """Raises where not even what is looked at could be asked for."""
        has_none = self._till.buys(self._till.left()) < 1 or self._intervals[0] == pace.NEVER
        if has_none and self._roster.of(place):
            raise CannotCollect(
                "What the profile lets metrics cost today is spent.",
                seen=f"${max(0.0, self._till.left()):.4f} left until midnight UTC",
                mend="Raise cost.budget_usd_per_day in the profile to go on today.",
            )

    @property
    def _intervals(self) -> pace.Intervals:
        return pace.PATH[self._step]

    def _affordable(self, waiting: Waiting, *, spare: bool = False) -> list[tuple[int, Track]]:
        """As many of each tier as leave enough for those before it; for those in it too, where it can be spared."""
        found: list[tuple[int, Track]] = []
        for tier, chosen in enumerate(waiting):
            if chosen:
                most = self._till.buys(self._till.left() - self._reserve(tier + spare))
                found += chosen[: max(0, most - len(found))]
        return found

    def _paying(self, batch: Batch) -> AbstractContextManager[bool]:
        return self._till.paying(len(batch.tracks), self._reserve(batch.tier))

    def _reserve(self, tier: int) -> float:
        """What those that matter more need for the rest of the day."""
        seconds = pace.left_of_day(self.now())
        return pace.reserved(self._demand, self._intervals, self._till.price, seconds)[tier]

    def _pace(self, now: datetime) -> None:
        lately = self._paced_at is not None and timedelta(0) <= now - self._paced_at < PACED_EVERY
        if lately and self._paced_for == self._roster.changes:
            return
        self._paced_at, self._paced_for = now, self._roster.changes
        self._demand = self._roster.demand(self._looked_at, now)
        left = self._till.left()
        unlimited = left == float("inf")
        seconds = pace.left_of_day(now)
        self._step = 0 if unlimited else pace.step(self._demand, left, self._till.price, seconds, self._step)


def _longest_first(each: tuple[int, Track]) -> tuple[bool, datetime | None]:
    """Who was never asked, then who has waited longest."""
    return each[1].asked is not None, each[1].asked
