"""Who goes next where only so many may run at once? What is looked at or sick; and whoever has waited too long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from collectors.job import Job


@dataclass(frozen=True, slots=True)
class Waiting:
    job: Job
    due: datetime
    overdue_at: datetime  # an interval after it was due: then nobody is more important


def next_of(waiting: list[Waiting], now: datetime, rank: Callable[[Job], int]) -> Waiting:
    """Pure but for ``rank``, which is small for what matters. The list is not empty."""
    return min(waiting, key=lambda w: (0 if now >= w.overdue_at else 1 + rank(w.job), w.due, w.job))


class Turns:
    """At most ``at_once`` inside `taken`."""

    def __init__(self, at_once: int, now: Callable[[], datetime], rank: Callable[[Job], int]) -> None:
        self._free = at_once
        self._now = now
        self._rank = rank
        self._waiting: dict[Waiting, asyncio.Future[None]] = {}

    @asynccontextmanager
    async def taken(self, waiting: Waiting) -> AsyncIterator[None]:
        await self._take(waiting)
        try:
            yield
        finally:
            self._free += 1
            self._give()

    async def _take(self, waiting: Waiting) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = turn
        self._give()
        try:
            await turn
        except asyncio.CancelledError:
            if self._waiting.pop(waiting, None) is None:  # it was given in the same moment
                self._free += 1
                self._give()
            raise

    def _give(self) -> None:
        while self._free and self._waiting:
            chosen = next_of(list(self._waiting), self._now(), self._rank)
            turn = self._waiting.pop(chosen)
            self._free -= 1
            if turn.cancelled():
                self._free += 1
            else:
                turn.set_result(None)
