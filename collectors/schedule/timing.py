"""When is a collector due next, and how long may a pass take? Pure."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

MOST_JITTER = timedelta(seconds=5)
JITTER_SHARE = 0.1
LEAST_DEADLINE_S, MOST_DEADLINE_S, DEADLINE_SHARE = 1.0, 20.0, 0.8
DENIED_WAIT = timedelta(minutes=5)  # somebody may grant it, but hardly within the minute
THROTTLED_MOST = timedelta(minutes=10)
_DOUBLINGS = 8


def next_due(due: datetime, every: timedelta, now: datetime) -> datetime:
    """The next time on the collector's own grid: a pass that was missed is skipped, never piled up.

    A clock that was set back by more than an interval begins a new grid: nothing is due in an hour because of it.
    """
    if now < due - every:
        return now + every
    if now < due:
        return due  # it was hastened
    return due + every * (math.floor((now - due) / every) + 1)


def jitter(every: timedelta, chance: float) -> timedelta:
    """What a collector is late by from its second pass on, so that a thousand do not start as one; 0 <= chance < 1."""
    return min(every * JITTER_SHARE, MOST_JITTER) * chance


def deadline_s(every: timedelta) -> float:
    """Seconds of real time, whatever the estate's clock does: the network knows no other."""
    return min(MOST_DEADLINE_S, max(LEAST_DEADLINE_S, DEADLINE_SHARE * every.total_seconds()))


def throttled_wait(every: timedelta, times: int) -> timedelta:
    """After so many refusals in a row; ``times`` begins at 1."""
    return max(every, min(every * (1 << min(times, _DOUBLINGS)), THROTTLED_MOST))
