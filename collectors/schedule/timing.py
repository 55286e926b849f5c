"""When is a collector due next, and how long may a pass take? Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

MOST_JITTER = timedelta(seconds=5)
JITTER_SHARE = 0.1
LEAST_DEADLINE_S, MOST_DEADLINE_S, DEADLINE_SHARE = 1.0, 20.0, 0.8
DENIED_WAIT = timedelta(minutes=5)  # somebody may grant it, but hardly within the minute
THROTTLED_MOST = timedelta(minutes=10)
_DOUBLINGS = 8


def next_due(due: datetime, every: timedelta, now: datetime) -> datetime:
    """The first time after now on the grid that ``due`` is on.

    A pass that was missed is skipped, never piled up; a clock that was set back makes nobody wait for the old time.
    """
    return due + every * ((now - due) // every + 1)


def due_after(due: datetime, every: timedelta, now: datetime, wait: timedelta) -> datetime:
    """As `next_due`, but for so many whole intervals as make up the ``wait``: one that is left alone keeps its grid."""
    return next_due(due, every, now) + every * (-(-wait // every) - 1)


def jitter(every: timedelta, chance: float) -> timedelta:
    """What a collector is late by from its second pass on, so that a thousand do not start as one; 0 <= chance < 1."""
    return min(every * JITTER_SHARE, MOST_JITTER) * chance


def deadline_s(every: timedelta) -> float:
    """Seconds of real time, whatever the estate's clock does: the network knows no other."""
    return min(MOST_DEADLINE_S, max(LEAST_DEADLINE_S, DEADLINE_SHARE * every.total_seconds()))


def throttled_wait(every: timedelta, times: int) -> timedelta:
    """After so many refusals in a row, the first being 1: twice as long as usual at the least."""
    return max(every * 2, min(every * (1 << min(times, _DOUBLINGS)), THROTTLED_MOST))
