"""Which series are there, which are due, and what may they cost? What both collectors of metrics share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from collectors.attention import Attention
from collectors.aws.cloudwatch import pace
from collectors.aws.cloudwatch.batch import Answered, Batch, ask, batches
from collectors.aws.cloudwatch.tracks import FIRST_WINDOW, HISTORY, Track, floor
from collectors.aws.cloudwatch.wanted import Wanted, wanted
from collectors.aws.known import Found, Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.readings import ResourceId

EARLY = timedelta(seconds=10)  # a pass that begins a little before its time is that pass
ATTEMPTS = 2  # a request may be sent again after a lost connection, and is paid again
HISTORY_SHARE = 0.1  # of what is left today: a chart's past is worth no more


class Purse(Protocol):
    """The day's money."""

    @property
    def price_per_metric(self) -> float: ...
    def left_today(self) -> float:
        """Dollars; infinity where there is no budget."""


class Desk:
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
        self.now = now
        self._known, self._attention, self._purse = known, attention, purse
        self._extra = extra
        self._tracks: dict[Place, dict[Found, tuple[Track, ...]]] = {}
        self._intervals = pace.FULL
        self._paced_at: datetime | None = None
        self._made = 0
        self._promised = 0.0  # dollars for what is under way

    def interval(self, about: ResourceId) -> timedelta:
        """How often the essential metrics of a resource are asked for at present."""
        return self._intervals[pace.tier(first=self._attention().first(about), essential=True)]

    def due(self, place: Place, tried: Container[str] = ()) -> list[Batch]:
        """What to ask for now, what is looked at or sick first; but not what was tried in this pass."""
        now, attention = self.now(), self._attention()
        self._refresh(place)
        self._pace(now, attention)
        waiting: dict[tuple[int, timedelta, datetime, datetime], list[Track]] = defaultdict(list)
        for each in self._of(place):
            tier = self._tier(each, attention)
            if each.id not in tried and self._is_due(each, tier, now):
                waiting[(tier, each.wanted.period, *each.window(now))].append(each)
        return [
            batch
            for (_, period, begin, end), tracks in sorted(waiting.items(), key=lambda item: item[0])
            for batch in batches(tracks, begin, end, period)
        ]

    def past_due(self, place: Place) -> Batch | None:
        """The next of what has no past yet, what is looked at first; None where all is there or it is too dear."""
        now, attention = self.now(), self._attention()
        without = [each for each in self._of(place) if each.since is not None and not each.has_history]
        if not without:
            return None
        without.sort(key=lambda each: (self._tier(each, attention), each.wanted.period))
        period = without[0].wanted.period
        begin, end = floor(now - HISTORY, period), floor(now - FIRST_WINDOW, period)
        batch = next(batches([each for each in without if each.wanted.period == period], begin, end, period))
        return batch if self._cost(batch) <= HISTORY_SHARE * self._purse.left_today() else None

    async def ask(self, place: Place, batch: Batch) -> Answered:
        """Its answer. Each request is paid for beforehand, as often as it may be sent."""
        return await ask(self._reader(place), batch, self._paid)

    @contextmanager
    def _paid(self, batch: Batch) -> Iterator[bool]:
        """Whether there is money for one request; until it has ended, nobody else may spend it."""
        cost = self._cost(batch)
        if cost > self._purse.left_today() - self._promised:
            yield False
            return
        self._promised += cost
        try:
            yield True
        finally:
            self._promised -= cost

    def _cost(self, batch: Batch) -> float:
        return len(batch.tracks) * self._purse.price_per_metric * ATTEMPTS

    def _is_due(self, track: Track, tier: int, now: datetime) -> bool:
        interval = self._intervals[tier]
        if interval == pace.NEVER:
            return False
        if track.is_silent(now):
            interval = max(interval, pace.MINUTE * 30)
        if track.asked is None or now < track.asked:  # the clock was set back
            return True
        return now - track.asked >= max(interval, track.wanted.period) - EARLY

    def _tier(self, track: Track, attention: Attention) -> int:
        return pace.tier(first=attention.first(track.found.id), essential=track.wanted.essential)

    def _of(self, place: Place) -> Sequence[Track]:
        return [track for tracks in self._tracks.get(place, {}).values() for track in tracks]

    def _refresh(self, place: Place) -> None:
        """What was found since, and without what is gone. A resource with another role has other metrics."""
        before = self._tracks.get(place, {})
        kept = {(t.found.id, t.wanted): t for tracks in before.values() for t in tracks}
        now: dict[Found, tuple[Track, ...]] = {}
        for found in self._known.of(place):
            now[found] = before.get(found) or tuple(
                kept.get((found.id, each)) or self._track(found, each) for each in wanted(found, self._extra(found))
            )
        self._tracks[place] = now

    def _track(self, found: Found, each: Wanted) -> Track:
        self._made += 1
        return Track(found, each, f"q{self._made}")

    def _pace(self, now: datetime, attention: Attention) -> None:
        """Once a minute for all places together: there is one purse."""
        if self._paced_at is not None and timedelta(0) <= now - self._paced_at < pace.MINUTE / 2:
            return
        self._paced_at = now
        left, price = self._purse.left_today(), self._purse.price_per_metric
        if left == float("inf"):
            self._intervals = pace.FULL
            return
        counts = Counter(self._tier(t, attention) for place in self._tracks for t in self._of(place))
        by_tier = [counts[each] for each in range(pace.TIERS)]
        self._intervals = pace.intervals(by_tier, left, price, pace.left_of_day(now), self._intervals)
