"""Collectors that do what they are told to, and a schedule that is played."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from collectors.clock import Clock, SteppedClock
from collectors.collector import Collector
from collectors.job import Job, running
from collectors.readings import Metric, Reading, ResourceId
from collectors.safe import Safe
from collectors.schedule.health import Health
from collectors.schedule.schedule import Schedule

START = datetime(2026, 3, 1, tzinfo=UTC)
EVERY = timedelta(seconds=5)


def reading(target: str) -> Metric:
    return Metric(ResourceId(Safe(target)), START, Safe("cloudwatch.CPUUtilization"), 1.0, Safe("Percent"))


class Scripted(Collector[str]):
    """Yields one reading a pass, then does what it was told to do: by target."""

    name = "scripted"
    every = EVERY

    def __init__(self, *then: BaseException | None, clock: Clock | None = None) -> None:
        self._then = list(then)
        self._clock = clock
        self.passes: list[tuple[str, datetime]] = []
        self.inside = 0

    async def collect(self, target: str) -> AsyncIterator[Reading]:
        assert running.get() == Job(self.name, target)
        self.passes.append((target, self._clock.now() if self._clock else START))
        self.inside += 1
        try:
            yield reading(target)
            await asyncio.sleep(0)
            error = self._then.pop(0) if self._then else None
            if error is not None:
                raise error
        finally:
            self.inside -= 1

    def times(self, target: str) -> list[float]:
        return [(at - START).total_seconds() for about, at in self.passes if about == target]


class Hanging(Collector[str]):
    """Never answers; its shortest deadline is a second."""

    name = "hanging"
    every = timedelta(seconds=1)
    closed = False

    async def collect(self, target: str) -> AsyncIterator[Reading]:
        try:
            await asyncio.Event().wait()
            yield reading(target)
        finally:
            self.closed = True


class Endless(Collector[str]):
    name = "endless"
    every = EVERY

    async def collect(self, target: str) -> AsyncIterator[Reading]:
        while True:
            yield reading(target)


class Broken(Collector[str]):
    name = "broken"
    every = EVERY

    def collect(self, target: str) -> AsyncIterator[Reading]:
        raise RuntimeError("broken")


class Named(Collector[str]):
    """Another collector under a name of its own."""

    every = EVERY

    def __init__(self, name: str, inner: Scripted) -> None:
        self.name = inner.name = name  # type: ignore[misc]
        self.inner = inner

    def collect(self, target: str) -> AsyncIterator[Reading]:
        return self.inner.collect(target)


async def passes(collector: Collector[str], count: int = 1) -> tuple[Health, list[Reading]]:
    taken: list[Reading] = []
    schedule = Schedule(SteppedClock(START), taken.append)
    schedule.add(collector, "orders")
    for _ in range(count):
        await schedule.one_pass(Job(collector.name, "orders"))
    return schedule.of("orders")[collector.name], taken


async def played(schedule: Schedule, clock: SteppedClock, seconds: float) -> None:
    run = asyncio.create_task(schedule.run())
    await clock.sleep_until(clock.now() + timedelta(seconds=seconds))
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


def gaps(times: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]
