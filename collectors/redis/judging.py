"""Does a link live, and is its copy behind? Pure: what was seen goes in, and the link's status wins over any offset."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from collectors.inside.replication import DEAD, NOT_MEASURED, Distance, LinkState

PING_BYTES = 14  # that a primary with nothing else to say adds to its offset: nothing is left to apply of it
PING_S = 10.0  # after which it does (repl-ping-replica-period); a replica acknowledges each second
COUNTED_S = 2.0  # both ends count whole seconds, and begin a round late


class Line(Enum):
    """What one end says of the link."""

    UP = auto()
    COPYING = auto()  # the first copy, or a whole one again
    LOADING = auto()  # the copy has come, and is being read: nothing is heard meanwhile
    DOWN = auto()


@dataclass(frozen=True, slots=True)
class Sight:
    """One link as one end sees it. None: it cannot know."""

    line: Line
    quiet_s: float | None = None  # since the other end gave a sign of life
    left: int | None = None  # bytes that the copy has not applied
    is_told: bool = True  # False: it may not be asked, or could not be


UNSEEN = Sight(Line.DOWN, is_told=False)


def state(sight: Sight) -> LinkState:
    if not sight.is_told:
        return LinkState.UNKNOWN
    is_quiet = sight.quiet_s is not None and sight.quiet_s > PING_S + COUNTED_S
    match sight.line:
        case Line.DOWN:
            return LinkState.BROKEN
        case Line.LOADING:
            return LinkState.SEEDING
        case _ if is_quiet:
            return LinkState.SILENT
        case Line.COPYING:
            return LinkState.SEEDING
        case Line.UP:
            return LinkState.BEHIND if (sight.left or 0) > PING_BYTES else LinkState.IN_STEP


def lag(sight: Sight, behind: Distance) -> Distance:
    """How old what is read from the copy may be. ``behind``: as measured by what the copy has applied."""
    found = state(sight)
    if found in DEAD:
        return Distance(seconds=sight.quiet_s, at_least=True) if sight.quiet_s else NOT_MEASURED
    if found is LinkState.IN_STEP:
        return Distance(seconds=0.0, bytes=0)
    if found is not LinkState.BEHIND:
        return NOT_MEASURED
    seconds = sight.quiet_s or None if behind.seconds is None else behind.seconds
    return Distance(seconds=seconds, bytes=sight.left, at_least=behind.at_least or behind.seconds is None)
