"""One pass over one target: it is over when its time is, whatever the collector does or leaves undone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

from collectors.collector import Collector
from collectors.errors import CannotCollect
from collectors.job import Job, running
from collectors.readings import Reading

MOST_READINGS = 500_000  # of one pass: a source that never ends is not well
BREATH = 200  # readings, after which others may run
GRACE_S = 0.5  # to close what was opened


class Passes:
    """Those of one job. One that cannot be ended is left behind, and there is no other until it has ended by itself.

    Each is a task of its own: what a collector does to its task, such as to swallow or to raise a cancellation, is not
    done to the schedule's.
    """

    def __init__(self, job: Job, collector: Collector[Any], target: Any, take: Callable[[Reading], object]) -> None:
        self._job = job
        self._collector = collector
        self._target = target
        self._take = take
        self._left_behind: asyncio.Task[None] | None = None

    async def one(self, within_s: float) -> BaseException | None:
        """What went wrong, if anything. What was yielded before that counts."""
        if self._left_behind is not None and not self._left_behind.done():
            mend = "It is a fault of the collector; until it ends, only a new start of the engine helps."
            return CannotCollect("An earlier pass hangs and does not let itself be ended.", mend=mend)
        task = asyncio.create_task(self._read(), name=f"pass of {' '.join(self._job)}")
        try:
            await asyncio.wait((task,), timeout=within_s)
            if not task.done():
                return TimeoutError()
        finally:
            if not task.done():
                await self._end(task)
        if task.cancelled():
            return CannotCollect("It was cancelled by what it waited for.")
        return task.exception()

    async def _end(self, task: asyncio.Task[None]) -> None:
        self._left_behind = task
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # nobody else asks for it
        task.cancel()
        await asyncio.wait((task,), timeout=GRACE_S)

    async def _read(self) -> None:
        running.set(self._job)
        try:
            await self._read_all()
        except (SystemExit, KeyboardInterrupt) as error:  # from a library: it may end its pass, and nothing else
            raise CannotCollect("It tried to end the program.", seen=repr(error)) from error

    async def _read_all(self) -> None:
        count, us = 0, asyncio.current_task()
        readings = self._collector.collect(self._target)
        try:
            async for reading in readings:
                if self._left_behind is us:
                    return
                self._take(reading)
                count += 1
                if count > MOST_READINGS:
                    raise CannotCollect(f"{self._job.collector} does not end.", seen=f"{count} readings in one pass")
                if count % BREATH == 0:
                    await asyncio.sleep(0)
        finally:
            if isinstance(readings, AsyncGenerator):
                await readings.aclose()
