"""What time is it for the engine, and when is it later? Real time, a faster one, or one that waits for the work."""

from __future__ import annotations

import asyncio
import heapq
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta

LONGEST_NAP_S = 60.0  # a machine that was suspended, or whose clock was set, is noticed after that
SETTLE_TURNS = 6  # turns of the loop in which a task that was just made may say that it is busy


class Clock(ABC):
    """The engine's time, and the only way it waits for a time.

    * `now` never goes back, except as the machine's own clock does under `RealClock`.
    * `sleep_until` returns at or after ``when``, at once for the past, and may be cancelled; it lets others run first.
    * Work that takes time is done inside `busy`, and nobody sleeps in there: a clock that waits for the work stands
      still meanwhile.
    """

    @abstractmethod
    def now(self) -> datetime: ...

    @abstractmethod
    async def sleep_until(self, when: datetime) -> None: ...

    def busy(self) -> AbstractAsyncContextManager[None]:
        return nullcontext()


class RealClock(Clock):
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, when: datetime) -> None:
        await _nap(self, when, speed=1.0)


class PacedClock(Clock):
    """Time that is ``start`` at ``anchor`` of the monotonic clock (default: now) and runs ``speed`` times as fast."""

    def __init__(self, start: datetime, speed: float, anchor: float | None = None) -> None:
        if speed <= 0:
            raise ValueError(f"a clock's speed is above 0, not {speed}")
        self._start = start
        self._speed = speed
        self._anchor = time.monotonic() if anchor is None else anchor

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._anchor) * self._speed)

    async def sleep_until(self, when: datetime) -> None:
        await _nap(self, when, self._speed)


async def _nap(clock: Clock, when: datetime, speed: float) -> None:
    await asyncio.sleep(0)
    while (left := (when - clock.now()).total_seconds() / speed) > 0:  # noqa: ASYNC110 - a time sets no event
        await asyncio.sleep(min(left, LONGEST_NAP_S))


class SteppedClock(Clock):
    """Time that jumps to the next thing due once nothing that is due still runs; ``ceiling`` limits its mean speed.

    What is due at one time is woken in the order of due times, then of going to sleep: two plays are the same play.
    """

    def __init__(self, start: datetime, ceiling: float | None = None) -> None:
        if ceiling is not None and ceiling <= 0:
            raise ValueError(f"a clock's speed is above 0, not {ceiling}")
        self._start = self._now = start
        self._ceiling = ceiling
        self._anchor = time.monotonic()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._naps = 0
        self._running = 0  # in `busy`, or woken and not yet back in their own code
        self._turns_left = 0
        self._next_look: asyncio.Handle | None = None

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, when: datetime) -> None:
        if when <= self._now:
            await asyncio.sleep(0)
            return
        woken = asyncio.get_running_loop().create_future()
        self._naps += 1
        heapq.heappush(self._sleepers, (when, self._naps, woken))
        self._settle()
        try:
            await woken
        finally:
            if woken.done() and not woken.cancelled():
                self._running -= 1
            self._settle()

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            self._settle()

    def _settle(self) -> None:
        """Look again once whoever can run has run."""
        self._turns_left = SETTLE_TURNS
        if isinstance(self._next_look, asyncio.TimerHandle):  # by the ceiling, but now something may be due sooner
            self._next_look.cancel()
            self._next_look = None
        if self._next_look is None:
            self._next_look = asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        self._next_look = None
        while self._sleepers and self._sleepers[0][2].done():  # cancelled while it slept
            heapq.heappop(self._sleepers)
        if self._running or not self._sleepers:
            return  # whoever runs will settle when it is done
        loop = asyncio.get_running_loop()
        if self._turns_left > 0:
            self._turns_left -= 1
            self._next_look = loop.call_soon(self._look)
        elif (wait := self._too_early(self._sleepers[0][0])) > 0:
            self._next_look = loop.call_later(wait, self._look)
        else:
            self._wake(self._sleepers[0][0])

    def _too_early(self, due: datetime) -> float:
        """Seconds of real time for which the ceiling forbids to be at ``due``."""
        if self._ceiling is None:
            return 0.0
        return (due - self._start).total_seconds() / self._ceiling - (time.monotonic() - self._anchor)

    def _wake(self, due: datetime) -> None:
        self._now = due
        while self._sleepers and self._sleepers[0][0] <= due:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)
                self._running += 1
