"""Who goes next where only so many may begin at once? What is looked at or sick; and whoever has waited too long."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from collectors.job import Job

PATIENCE_S = 0.5  # real time: who takes longer waits for others, and must not make ours wait


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    job: Job
    rank: int  # 0 matters most
    due: datetime
    overdue_at: datetime  # an interval after it was due: then nobody is more important


class Line:
    """Those who wait. Each of its steps takes as long as the logarithm of their number."""

    def __init__(self) -> None:
        self._all: set[Waiting] = set()
        self._by_rank: list[tuple[int, datetime, Job, Waiting]] = []
        self._by_limit: list[tuple[datetime, Job, Waiting]] = []

    def __len__(self) -> int:
        return len(self._all)

    def join(self, waiting: Waiting) -> None:
        self._all.add(waiting)
        heapq.heappush(self._by_rank, (waiting.rank, waiting.due, waiting.job, waiting))
        heapq.heappush(self._by_limit, (waiting.overdue_at, waiting.job, waiting))

    def leave(self, waiting: Waiting) -> bool:
        """Whether it was there."""
        if waiting not in self._all:
            return False
        self._all.remove(waiting)
        return True

    def next(self, now: datetime) -> Waiting:
        """Whoever goes now, who leaves by that. The line is not empty."""
        while self._by_limit[0][-1] not in self._all:
            heapq.heappop(self._by_limit)
        while self._by_rank[0][-1] not in self._all:
            heapq.heappop(self._by_rank)
        longest = self._by_limit[0][-1]
        chosen = longest if now >= longest.overdue_at else self._by_rank[0][-1]
        self._all.remove(chosen)
        return chosen


class Turns:
    """At most ``at_once`` inside `taken` who have been there for less than `PATIENCE_S`.

    A turn is for what a pass costs this process, not for how long a source takes to answer: sixteen that hang hold up
    nobody. No job may wait twice.
    """

    def __init__(self, at_once: int, now: Callable[[], datetime]) -> None:
        self._free = at_once
        self._now = now
        self._line = Line()
        self._turns: dict[Waiting, asyncio.Future[None]] = {}

    @asynccontextmanager
    async def taken(self, waiting: Waiting) -> AsyncIterator[None]:
        await self._take(waiting)
        with ExitStack() as stack:
            stack.callback(self._give_back)
            timer = asyncio.get_running_loop().call_later(PATIENCE_S, stack.close)  # whichever is first; closed once
            stack.callback(timer.cancel)
            yield

    async def _take(self, waiting: Waiting) -> None:
        turn = self._turns[waiting] = asyncio.get_running_loop().create_future()
        self._line.join(waiting)
        self._give()
        try:
            await turn
        except asyncio.CancelledError:
            if not self._line.leave(waiting):  # it was given in the same moment
                self._give_back()
            raise
        finally:
            del self._turns[waiting]

    def _give_back(self) -> None:
        self._free += 1
        self._give()

    def _give(self) -> None:
        while self._free and self._line:
            self._free -= 1
            turn = self._turns[self._line.next(self._now())]
            if not turn.done():  # else its cancellation gives it back
                turn.set_result(None)
