"""Runs each collector on each of its targets: no pass overlaps itself, and none harms another."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from collectors.clock import Clock
from collectors.collector import Collector
from collectors.errors import Trouble
from collectors.job import Job
from collectors.readings import Reading
from collectors.safe import sanitise
from collectors.schedule.health import Health
from collectors.schedule.passes import Passes
from collectors.schedule.run import Run
from collectors.schedule.timing import deadline_s, jitter
from collectors.schedule.turns import Turns, Waiting

log = logging.getLogger(__name__)

AT_ONCE = 16
LOOK_S = 10.0  # a clock that was set, or a machine that was suspended, is noticed after that


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
        self._clock, self._take, self._on_state, self._rank = clock, take, on_state, rank
        self._chance = chance or random.Random(0)  # noqa: S311 - spreads passes; the same each time
        self._turns = Turns(at_once, clock.now)
        self._runs: dict[Job, Run] = {}
        self._of: dict[str, dict[str, Run]] = {}
        self._leaving: dict[Job, asyncio.Task[None]] = {}  # dropped, but not yet at their end
        self._fault: asyncio.Future[None] | None = None  # while it runs
        self._paused_all = False

    @property
    def health(self) -> Mapping[Job, Health]:
        return {job: run.health for job, run in self._runs.items()}

    def of(self, target: str) -> dict[str, Health]:
        """The collectors of one target, by name."""
        return {name: run.health for name, run in self._of.get(target, {}).items()}

    def jobs(self) -> list[Job]:
        return list(self._runs)

    @property
    def paused_all(self) -> bool:
        return self._paused_all

    def add(
        self,
        collector: Collector[Any],
        target: Any,
        every: timedelta | None = None,
        *,
        rarely: timedelta | None = None,
    ) -> None:
        """From now on, and at once. One that is there already is asked as often as is said now.

        ``rarely``: how often while it matters little to anybody, so that many targets are borne; None: no less often.
        The first time, too, is then put off.
        """
        job = Job(collector.name, str(target))
        pace = every or collector.every
        rarely = None if rarely is None else max(rarely, pace)
        if job in self._runs:
            run = self._runs[job]
            run.usual, run.rarely = pace, rarely
            self._ask_every(run, self._pace(run))
            return
        chance, now = self._chance.random(), self._clock.now()
        run = Run(
            job=job,
            passes=Passes(job, collector, target, self._take),
            health=Health(sanitise(job.collector), sanitise(job.target), rarely or pace),
            usual=pace,
            rarely=rarely,
            due=now if rarely is None else now + rarely * chance,  # a thousand do not start as one
            late_by=jitter(pace, chance) if rarely is None else timedelta(0),
        )
        self._runs[job] = self._of.setdefault(job.target, {})[job.collector] = run
        if self._fault is not None:
            self._begin(run)

    def _ask_every(self, run: Run, pace: timedelta) -> None:
        if pace == run.health.every:
            return
        run.health = replace(run.health, every=pace)
        if run.has_grid:
            run.is_due_at(min(run.due, self._clock.now() + max(pace, run.health.wait)))
            run.look()

    def _pace(self, run: Run) -> timedelta:
        return run.usual if run.rarely is None or self._rank(run.job) == 0 else run.rarely

    def attend(self, target: str) -> None:
        """It matters now: what is asked rarely is asked at once, and from then on as often as usual."""
        for run in self._of.get(target, {}).values():
            self._attend(run)

    def _attend(self, run: Run) -> None:
        if run.health.every <= run.usual or self._rank(run.job) != 0:
            return
        run.health = replace(run.health, every=run.usual)
        run.is_due_at(min(run.due, self._clock.now() + run.health.wait))
        run.look()

    def drop(self, name: str, target: str) -> None:
        """It is asked no more, and what is under way is given up."""
        job = Job(name, target)
        run = self._runs.pop(job, None)
        if run is None:
            return
        del self._of[target][name]
        if not self._of[target]:
            del self._of[target]
        run.first.set()  # nobody waits for what will not be
        if run.task is not None and not run.task.done():
            self._leaving[job] = run.task
            run.task.add_done_callback(lambda _: self._leaving.pop(job, None))
            run.task.cancel()

    async def run(self) -> None:
        """Until cancelled."""
        self._fault = asyncio.get_running_loop().create_future()
        for run in self._runs.values():
            self._begin(run)
        minding = asyncio.create_task(self._mind_the_clock(), name="clock")
        minding.add_done_callback(self._ended)
        try:
            await self._fault
        finally:
            self._fault = None
            tasks = [minding, *(run.task for run in self._runs.values() if run.task)]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, *self._leaving.values(), return_exceptions=True)  # each is cancelled once

    async def first_passes(self) -> None:
        """Wait until each collector that is there now, and not paused, has run once."""
        await asyncio.sleep(0)  # `run` may have been made a task just now
        for run in list(self._runs.values()):
            if not self._is_paused(run):
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

    async def one_pass(self, job: Job) -> None:
        """Ask once, within a deadline of real time; what was yielded before an error counts."""
        run = self._runs[job]
        async with run.alone:
            await self._pass(run)

    async def _pass(self, run: Run) -> None:
        before = run.health.state
        run.health = replace(run.health, every=self._pace(run)).begun()
        began = time.monotonic()
        error = await run.passes.one(deadline_s(run.usual))
        now, took_s = self._clock.now(), time.monotonic() - began
        if error is None:
            run.health = run.health.succeeded(now, took_s, run.due)
        else:  # whatever a collector does, the others go on and the screen says so
            run.health = run.health.failed(error, now, took_s, run.due)
            if before in ("ok", "pending"):
                trace = None if isinstance(error, Trouble | TimeoutError) else error
                log.warning("%s of %s: %s", *run.job, run.health.error, exc_info=trace)
        run.first.set()
        if run.health.state != before:
            self._on_state(run.health)

    def _begin(self, run: Run) -> None:
        run.task = asyncio.create_task(self._forever(run), name=" ".join(run.job))
        run.task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A task that ends by itself is a fault of ours, and ends `run`."""
        if not task.cancelled() and self._fault is not None and not self._fault.done():
            self._fault.set_exception(task.exception() or RuntimeError(f"{task.get_name()} has ended."))

    async def _forever(self, run: Run) -> None:
        while (before := self._leaving.get(run.job)) not in (None, run.task):
            await asyncio.wait((before,))
        while True:
            await self._until_due(run)
            waiting = Waiting(run.job, self._rank(run.job), run.due, run.due + run.health.every)
            async with self._clock.busy(), self._turns.taken(waiting):
                if self._is_paused(run):
                    continue
                run.in_a_hurry = False
                await self.one_pass(run.job)
                late_by = timedelta(0) if run.has_grid else run.late_by
                run.has_grid = True
                run.is_due_at((run.health.due or run.due) + late_by)

    async def _until_due(self, run: Run) -> None:
        """Until it is due or hastened, and neither it nor everything is paused."""
        while True:
            if self._is_paused(run):
                await self._sleep(run, None)
            elif run.in_a_hurry or self._clock.now() >= run.due:
                return
            else:
                await self._sleep(run, run.due)

    async def _sleep(self, run: Run, until: datetime | None) -> None:
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

    async def _mind_the_clock(self) -> None:
        """A clock that was set back makes nobody wait for the old time, and after a suspension nobody sleeps on."""
        before = self._clock.now()
        while True:
            await asyncio.sleep(LOOK_S)
            now = self._clock.now()
            for run in self._runs.values():
                if now < before:
                    run.is_due_at(min(run.due, now + max(run.health.every, run.due - before)))
                if now < before or (now - run.due).total_seconds() > LOOK_S:
                    run.look()
                self._attend(run)  # it may have fallen sick
            before = now

    def _is_paused(self, run: Run) -> bool:
        return self._paused_all or run.health.paused
