"""What do the two ends of a link and AWS say of it, taken together? The database's own word goes first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from collectors.inside.replication import DEAD, NOT_MEASURED, Distance, Link, LinkState
from collectors.safe import NO_TEXT, Safe, sanitise

FRESH_S, FRESH_BY_AWS_S = 60.0, 300.0  # what is older is believed only where nobody has said anything since
AWS, DATABASE = Safe("AWS"), Safe("database")
_ORDER = tuple(LinkState)


@dataclass(frozen=True, slots=True)
class Told:
    """One witness's word. ``by_copy``: it is the copy's end that tells, and not the source's."""

    link: Link
    observed: datetime
    by_aws: bool = False
    by_copy: bool = False

    def is_fresh(self, now: datetime) -> bool:
        age = (now - self.observed).total_seconds()
        return age <= (FRESH_BY_AWS_S if self.by_aws else FRESH_S)

    @property
    def is_dead(self) -> bool:
        return self.link.state in DEAD


@dataclass(frozen=True, slots=True)
class Joined:
    """One link. ``observed``: when whoever is believed saw it; ``is_old``: nobody has told anything newer for long."""

    link: Link
    by: Safe = NO_TEXT
    observed: datetime | None = None
    is_old: bool = False
    but: Safe = NO_TEXT  # what the other witness says, where it says otherwise

    @property
    def source(self) -> Safe:
        return self.link.source

    @property
    def copy(self) -> Safe:
        return self.link.copy

    @property
    def word(self) -> Safe:
        """The state; where that is not known, what was told of it."""
        unknown = self.link.state is LinkState.UNKNOWN
        return self.link.told if unknown and self.link.told else sanitise(self.link.state)

    @property
    def rank(self) -> int:
        """High for what is worse; what nobody can see is not worse than what is seen to be bad."""
        return 0 if self.link.state is LinkState.UNKNOWN else 1 + _ORDER.index(self.link.state)


def joined(told: Sequence[Told], now: datetime) -> Joined:
    """Of at least one word on the same link.

    Of the databases' words that are fresh the worse one holds, for a link that one end has lost may look well from
    the other. AWS is asked where they do not know; what is old, where nobody does.
    """
    tiers = _tiers(told, now)
    known = next((tier for tier in tiers if any(map(_knows, tier))), tiers[0])
    chosen = max(known, key=lambda each: (_knows(each), _ORDER.index(each.link.state), each.by_copy))
    agreeing = [chosen, *(each for each in known if each is not chosen and each.is_dead == chosen.is_dead)]
    agreeing += [each for each in told if each not in agreeing and each.link.state is chosen.link.state]
    return Joined(
        _filled(chosen.link, agreeing, told),
        AWS if chosen.by_aws else DATABASE,
        chosen.observed,
        not chosen.is_fresh(now),
        _otherwise(chosen, told, now),
    )


def _tiers(told: Iterable[Told], now: datetime) -> list[list[Told]]:
    """From the most believable on, none of them empty."""
    tiers: dict[tuple[bool, bool], list[Told]] = {}
    for each in told:
        tiers.setdefault((not each.is_fresh(now), each.by_aws), []).append(each)
    return [tiers[key] for key in sorted(tiers)]


def _knows(told: Told) -> bool:
    return told.link.state is not LinkState.UNKNOWN


def _filled(link: Link, agreeing: Sequence[Told], told: Sequence[Told]) -> Link:
    """With what others measured that see the link in the same way; of a dead one nothing that was measured before."""
    from_copy = sorted(agreeing, key=lambda each: not each.by_copy)
    links = [each.link for each in agreeing]
    return replace(
        link,
        lag=_distance(links, lambda each: each.lag),
        unsent=_distance(links, lambda each: each.unsent),
        unapplied=_distance([each.link for each in from_copy], lambda each: each.unapplied),
        mode=_first(links, lambda each: each.mode),
        told=_first(links[:1], lambda each: each.told),
        why=_first(links, lambda each: each.why),
        heard=max((each.link.heard for each in told if each.link.heard is not None), default=None),
        parts=next((each.parts for each in links if each.parts), ()),
        more=tuple(dict(pair for each in reversed(links) for pair in each.more).items()),
    )


def _distance(links: Sequence[Link], of: Callable[[Link], Distance]) -> Distance:
    known = [of(link) for link in links]
    timed = next((each for each in known if each.seconds is not None), NOT_MEASURED)
    return replace(timed, bytes=next((each.bytes for each in known if each.bytes is not None), None))


def _first(links: Sequence[Link], of: Callable[[Link], Safe]) -> Safe:
    return next(filter(None, map(of, links)), NO_TEXT)


def _otherwise(chosen: Told, told: Sequence[Told], now: datetime) -> Safe:
    """That one lives and the other says it is dead is worth a word; that they measure differently is not."""
    for each in told:
        if each is not chosen and each.is_fresh(now) and _knows(each) and each.is_dead != chosen.is_dead:
            who = AWS if each.by_aws else Safe("the copy") if each.by_copy else Safe("the source")
            return sanitise(f"{who} says {each.link.state}")
    return NO_TEXT
