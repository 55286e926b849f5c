"""Runs each collector on each of its targets: no pass overlaps itself, and none harms another."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from collectors.clock import Clock
from collectors.collector import Collector
from collectors.errors import CannotCollect, Trouble
from collectors.job import Job, running
from collectors.readings import Reading
from collectors.safe import sanitise
from collectors.schedule.health import Health
from collectors.schedule.timing import deadline_s, jitter
from collectors.schedule.turns import Turns, Waiting

log = logging.getLogger(__name__)

AT_ONCE = 16
MOST_READINGS = 500_000  # of one pass: a source that never ends is not well
BREATH = 200  # readings, after which others may run
NAP = timedelta(minutes=1)  # a clock that was set back is noticed after that


@dataclass(slots=True)
class _Run:
    """One collector and one target."""

    collector: Collector[Any]
    target: Any
    job: Job
    health: Health
    due: datetime
    late_by: timedelta
    first: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    sleeping: asyncio.Future[None] | None = None
    in_a_hurry: bool = False
    has_grid: bool = False

    def look(self) -> None:
        """Something has changed that it sleeps for."""
        if self.sleeping is not None:
            self.sleeping.cancel()


class Schedule:
    """``rank`` says how much a job matters, 0 the most; ``on_state`` hears when a collector's state changes."""

    def __init__(
        self,
        clock: Clock,
        take: Callable[[Reading], object],
        on_state: Callable[[Health], object] = lambda _: None,
        *,
        rank: Callable[[Job], int] = lambda _: 1,
        chance: random.Random | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self._clock, self._take, self._on_state = clock, take, on_state
        self._chance = chance or random.Random(0)  # noqa: S311 - spreads passes; the same each time
        self._turns = Turns(at_once, clock.now, rank)
        self._runs: dict[Job, _Run] = {}
        self._going = False
        self._fault: asyncio.Future[None] | None = None
        self._paused_all = False

    @property
    def health(self) -> Mapping[Job, Health]:
        return {job: run.health for job, run in self._runs.items()}

    def of(self, target: str) -> dict[str, Health]:
        """The collectors of one target, by name."""
        return {job.collector: run.health for job, run in self._runs.items() if job.target == target}

    @property
    def paused_all(self) -> bool:
        return self._paused_all

    def add(self, collector: Collector[Any], target: Any, every: timedelta | None = None) -> None:
        """From now on, and at once. One that is there already is asked as often as is said now."""
        job = Job(collector.name, str(target))
        pace = every or collector.every
        if job in self._runs:
            run = self._runs[job]
            run.health = replace(run.health, every=pace)
            return
        health = Health(sanitise(job.collector), sanitise(job.target), pace)
        late_by = jitter(pace, self._chance.random())
        run = self._runs[job] = _Run(collector, target, job, health, self._clock.now(), late_by)
        if self._going:
            self._begin(run)

    def drop(self, name: str, target: str) -> None:
        """It is asked no more, and what is under way is given up."""
        run = self._runs.pop(Job(name, target), None)
        if run is not None and run.task is not None:
            run.task.cancel()

    async def run(self) -> None:
        """Until cancelled."""
        self._fault = asyncio.get_running_loop().create_future()
        self._going = True
        for run in self._runs.values():
            self._begin(run)
        try:
            await self._fault
        finally:
            self._going = False
            tasks = [run.task for run in self._runs.values() if run.task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def first_passes(self) -> None:
        """Wait until each collector that is there now has run once."""
        await asyncio.sleep(0)  # `run` may have been made a task just now
        for run in list(self._runs.values()):
            await run.first.wait()

    def hasten(self, name: str | None = None, target: str | None = None) -> int:
        """Run these as soon as may be, an open breaker or not; how many there are. What runs, runs once more after."""
        chosen = [r for j, r in self._runs.items() if name in (None, j.collector) and target in (None, j.target)]
        for run in chosen:
            run.in_a_hurry = True
            run.look()
        return len(chosen)

    def pause(self, name: str, target: str, paused: bool) -> None:
        """One of them; a pass that is under way ends."""
        run = self._runs.get(Job(name, target))
        if run is None:
            mend = "The collectors screen names them."
            raise Trouble("There is no such collector.", seen=f"{name} of {target}", mend=mend)
        run.health = replace(run.health, paused=paused)
        run.look()

    def pause_all(self, paused: bool) -> None:
        """A maintenance pause: no pass begins until it is lifted."""
        self._paused_all = paused
        for run in self._runs.values():
            run.look()

    def jobs(self) -> list[Job]:
        return list(self._runs)

    async def one_pass(self, job: Job) -> None:
        """Ask once, within a deadline of real time; what was yielded before an error counts."""
        run = self._runs[job]
        before = run.health
        running.set(job)
        run.health = run.health.begun()
        began = time.monotonic()
        try:
            async with asyncio.timeout(deadline_s(run.health.every)):
                await self._read(run)
        except Exception as error:  # whatever a collector does, the others go on and the screen says so
            run.health = run.health.failed(error, self._clock.now(), time.monotonic() - began, run.due)
            if before.state in ("ok", "pending"):
                log.warning("%s of %s: %s", *job, error, exc_info=not isinstance(error, Trouble | TimeoutError))
        else:
            run.health = run.health.succeeded(self._clock.now(), time.monotonic() - began, run.due)
        run.first.set()
        if run.health.state != before.state:
            self._on_state(run.health)

    async def _read(self, run: _Run) -> None:
        count = 0
        async with aclosing(run.collector.collect(run.target)) as readings:  # type: ignore[type-var]
            async for reading in readings:
                self._take(reading)
                count += 1
                if count > MOST_READINGS:
                    raise CannotCollect(f"{run.job.collector} does not end.", seen=f"{count} readings in one pass")
                if count % BREATH == 0:
                    await asyncio.sleep(0)

    def _begin(self, run: _Run) -> None:
        run.task = asyncio.create_task(self._forever(run), name=" ".join(run.job))
        run.task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A task that ends by itself is a fault of ours, and ends `run`."""
        if not task.cancelled() and task.exception() and self._fault is not None and not self._fault.done():
            self._fault.set_exception(task.exception() or RuntimeError(task.get_name()))

    async def _forever(self, run: _Run) -> None:
        while True:
            await self._until_due(run)
            async with self._clock.busy(), self._turns.taken(Waiting(run.job, run.due, run.due + run.health.every)):
                if self._is_paused(run):
                    continue
                run.in_a_hurry = False
                await self.one_pass(run.job)
            run.due = run.health.due or run.due + run.health.every
            if not run.has_grid:
                run.has_grid = True
                run.due += run.late_by
                run.health = replace(run.health, due=run.due)

    async def _until_due(self, run: _Run) -> None:
        """Until it is due or hastened, and neither it nor everything is paused."""
        while True:
            now = self._clock.now()
            if self._is_paused(run):
                await self._sleep(run, None)
            elif run.in_a_hurry or now >= run.due:
                return
            else:
                await self._sleep(run, min(run.due, now + NAP))
                run.due = min(run.due, self._clock.now() + max(run.health.every, run.due - now))  # it was set back

    async def _sleep(self, run: _Run, until: datetime | None) -> None:
        """Until then, or until there is something to look at."""
        if until is None:
            run.sleeping = asyncio.get_running_loop().create_future()
        else:
            run.sleeping = asyncio.ensure_future(self._clock.sleep_until(until))
        try:
            await asyncio.wait((run.sleeping,))
        finally:
            run.sleeping.cancel()
            run.sleeping = None

    def _is_paused(self, run: _Run) -> bool:
        return self._paused_all or run.health.paused
