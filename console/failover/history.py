"""The last failovers of one resource, and how long each took. The same one told by several is one row. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from collectors.safe import NO_TEXT, Safe, sanitise
from console.failover.signs import Meaning, meaning

SAME = timedelta(minutes=5)  # two that began so near to each other are one
OVER_WITHIN = timedelta(hours=2)  # an event that ends one belongs to a begin no longer ago than that
MOST = 50
TITLES = tuple(map(Safe, ("TIME", "WHAT", "BY", "OUTAGE", "TOLD BY")))


class Witness(IntEnum):
    """Whose word of how long it took is the best: the greatest."""

    CLOUDTRAIL = 0  # knows that it was asked for, and no end
    AUDIT = 1  # knows when it was over for us
    EVENTS = 2  # AWS's own first and last word
    PROBE = 3  # our knocks


_WORDS = {
    Witness.CLOUDTRAIL: "CloudTrail",
    Witness.AUDIT: "audit",
    Witness.EVENTS: "AWS's events",
    Witness.PROBE: "our knocks",
}


@dataclass(frozen=True, slots=True)
class Former:
    """One, as one witness tells it. ``took`` None: it began, and its end is not told."""

    began: datetime
    what: Safe
    by: Safe
    took: timedelta | None
    witnesses: tuple[Witness, ...]

    @property
    def told_by(self) -> Safe:
        return sanitise(", ".join(_WORDS[w] for w in sorted(self.witnesses, reverse=True)))


def merged(told: Iterable[Former]) -> list[Former]:
    """The newest first."""
    found: list[Former] = []
    for each in sorted(told, key=lambda former: former.began):
        if found and each.began - found[-1].began <= SAME:
            found[-1] = _one(found[-1], each)
        else:
            found.append(each)
    return found[::-1][:MOST]


def _one(first: Former, second: Former) -> Former:
    """Its time by the best who tells one; who asked for it, by whoever knows."""
    timed = [each for each in (first, second) if each.took is not None]
    best = max(timed or [first, second], key=lambda former: max(former.witnesses))
    named = max((first, second), key=lambda former: (bool(former.by), max(former.witnesses)))
    both = tuple(sorted({*first.witnesses, *second.witnesses}))
    return replace(best, began=min(first.began, second.began), by=named.by, witnesses=both)


def by_events(told: Iterable[tuple[datetime, Safe]]) -> list[Former]:
    """From what AWS told first of one to what it told last. A begin without an end is one whose end is not known."""
    found: list[Former] = []
    for at, text in sorted(told):
        match meaning(text):
            case Meaning.STARTED:
                if not found or at - found[-1].began > SAME or found[-1].took is not None:
                    found.append(Former(at, text, NO_TEXT, None, (Witness.EVENTS,)))
            case Meaning.PROMOTED | Meaning.COMPLETED | Meaning.RECOVERED if _is_open(found, at):
                found[-1] = replace(found[-1], took=at - found[-1].began)
            case Meaning.PROMOTED if not found or at - found[-1].began > SAME:  # by itself a cache tells no begin
                found.append(Former(at, text, NO_TEXT, None, (Witness.EVENTS,)))
    return found


def _is_open(found: Sequence[Former], at: datetime) -> bool:
    """Whether the last one has begun and has no end yet."""
    return bool(found) and found[-1].took is None and at - found[-1].began <= OVER_WITHIN


def rows(formers: Sequence[Former]) -> tuple[tuple[Safe, ...], ...]:
    """Titles first, then one for each; what nobody tells is empty."""
    table = (
        (
            sanitise(f"{each.began:%Y-%m-%d %H:%M:%SZ}"),
            each.what,
            each.by,
            sanitise("" if each.took is None else f"{each.took.total_seconds():.0f} s"),
            each.told_by,
        )
        for each in formers
    )
    return (TITLES, *table)
