"""How long ago was something? By the clock that is further on: neither alone can be trusted with a limit.

The monotonic one stands still while the machine sleeps; the other may be set back by whoever has the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    wall: datetime
    monotonic: float  # seconds


def age(then: Moment, now: Moment) -> timedelta:
    return max(now.wall - then.wall, timedelta(seconds=now.monotonic - then.monotonic))
