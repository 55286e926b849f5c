"""Who takes a lock in the tests."""

from __future__ import annotations

from datetime import timedelta

from collectors.safe import sanitise
from console.access.locks.border import Held, Holder, Taken
from tests.access.by_hand import NOON, StandingClock

HOUR = timedelta(hours=1)


def holder(op: str, who: str = "alice", since: StandingClock | None = None) -> Holder:
    now = since.now() if since else NOON
    return Holder(op, sanitise("fail over"), sanitise(who), now, now + HOUR)


def held(answer: Held | Taken) -> Held:
    assert isinstance(answer, Held), answer
    return answer


def taken(answer: Held | Taken) -> Taken:
    assert isinstance(answer, Taken), answer
    return answer
