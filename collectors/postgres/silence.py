"""Nothing has come for a while: is the link idle, or dead? By how often a living one says something at least. Pure.

Each end asks the other for a sign of life after half of its time-out: a link without any traffic is as quiet as that,
and no quieter.
"""

from __future__ import annotations

from enum import Enum, auto

USUAL_S = 30.0  # half of the time-out as PostgreSQL has it
SLACK_S = 5.0  # for whoever answers late


class Sound(Enum):
    ALIVE = auto()
    DEAD = auto()
    UNTOLD = auto()  # its time-out is so long, or off, that nobody can know yet


def sound(quiet_s: float, timeout_ms: int | None) -> Sound:
    """``quiet_s``: since the last sign of life. ``timeout_ms``: wal_receiver_timeout or wal_sender_timeout; 0: off."""
    half_s = USUAL_S if timeout_ms is None else timeout_ms / 2000
    if quiet_s <= min(half_s or USUAL_S, USUAL_S) + SLACK_S:
        return Sound.ALIVE
    return Sound.DEAD if half_s and quiet_s > half_s + SLACK_S else Sound.UNTOLD
