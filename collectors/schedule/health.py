"""How does one collector do with one target? What a screen shows of it, and what became of a pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from collectors.errors import Denied, Expired, Throttled, Trouble
from collectors.safe import Safe, sanitise
from collectors.schedule.breaker import CLOSED, Breaker
from collectors.schedule.timing import DENIED_WAIT, due_after, next_due, throttled_wait

State = Literal["ok", "late", "failing", "denied", "pending"]


@dataclass(frozen=True, slots=True)
class Health:
    """``last`` is its last success and ``since`` the begin of its state, both in the engine's time."""

    name: Safe
    target: Safe
    every: timedelta
    state: State = "pending"
    since: datetime | None = None
    last: datetime | None = None
    due: datetime | None = None
    took_ms: float | None = None
    error: Safe | None = None
    mend: Safe | None = None
    grant: Safe | None = None
    breaker: Breaker = CLOSED
    paused: bool = False
    wait: timedelta = timedelta(0)  # how long its last error leaves it alone, where that is longer than usual

    def begun(self) -> Health:
        return replace(self, breaker=self.breaker.tried())

    def succeeded(self, at: datetime, took_s: float, due: datetime) -> Health:
        return replace(
            self,
            state="ok",
            since=self.since if self.state == "ok" else at,
            last=at,
            due=next_due(due, self.every, at),
            took_ms=round(took_s * 1000, 1),
            error=None,
            mend=None,
            grant=None,
            breaker=self.breaker.succeeded(),
            wait=timedelta(0),
        )

    def failed(self, error: BaseException, at: datetime, took_s: float, due: datetime) -> Health:
        """The error as the screen shows it: a collector may fail in any way without harming its neighbours."""
        what, mend = (error.line(), error.mend) if isinstance(error, Trouble) else (_unforeseen(error), "")
        state = _state(error)
        answers = isinstance(error, Denied | Expired)  # what it says is another matter
        breaker = self.breaker.succeeded() if answers else self.breaker.failed()
        wait = _wait(error, self.every, breaker)
        return replace(
            self,
            state=state,
            since=self.since if self.state == state else at,
            due=due_after(due, self.every, at, wait),
            took_ms=round(took_s * 1000, 1),
            error=sanitise(what),
            mend=sanitise(mend),
            grant=sanitise(error.grant) if isinstance(error, Denied) else None,
            breaker=breaker,
            wait=wait if wait > self.every else timedelta(0),
        )


def _state(error: BaseException) -> State:
    if isinstance(error, TimeoutError):
        return "late"
    return "denied" if isinstance(error, Denied) else "failing"


def _wait(error: BaseException, every: timedelta, breaker: Breaker) -> timedelta:
    match error:
        case Denied():
            return max(every, DENIED_WAIT)
        case Expired():
            return every  # it costs nothing to see whether somebody has signed in
        case Throttled():
            return max(throttled_wait(every, breaker.failures), breaker.wait(every))
    return breaker.wait(every)


def _unforeseen(error: BaseException) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"
