"""What is said of one link, whichever end says it, and what was known of it before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from collectors.inside.replication import NOT_MEASURED, Distance, LinkState
from collectors.postgres.asking import PG_MONITOR
from collectors.safe import NO_TEXT, Safe, sanitise

LACKING = Safe(f"The login is not a member of {PG_MONITOR}, and may not see the state of links: GRANT {PG_MONITOR}.")


@dataclass(frozen=True, slots=True)
class Told:
    state: LinkState
    said: Safe = NO_TEXT  # in the engine's own words
    why: Safe = NO_TEXT
    lag: Distance = NOT_MEASURED
    unsent: Distance = NOT_MEASURED
    unapplied: Distance = NOT_MEASURED
    heard: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier looks found. All times are by the clock of the server that is asked."""

    heard: datetime | None = None  # the last sign of life
    in_step: datetime | None = None  # when nothing was left to apply
    dead: datetime | None = None  # since when there has been no link
    reply: datetime | None = None  # the last one's own time, by the clock of whoever replied


NOTHING_KNOWN = Past()


def words(text: str | None, limit: int = 200) -> Safe:
    return sanitise(text or "", limit)


def seconds_between(earlier: datetime, later: datetime) -> float:
    """Two machines' clocks may differ by a little: none is ahead of the other here."""
    return max(0.0, (later - earlier).total_seconds())


def since(heard: datetime | None, dead: datetime, now: datetime) -> Distance:
    """Of a dead link. Where nobody ever heard it, it is as far as it has been seen to be dead; never nothing."""
    seconds = seconds_between(heard or dead, now)
    return Distance(seconds=seconds, at_least=True) if seconds else NOT_MEASURED


def bytes_of(number: int | None) -> Distance:
    return NOT_MEASURED if number is None else Distance(bytes=number)
