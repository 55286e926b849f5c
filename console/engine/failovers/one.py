"""One failover while it goes on: what is seen of it is folded in, and what follows is told at once or soon."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from collectors.errors import Trouble
from collectors.knock.knock import Knock
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.threads import Threads
from console.engine.failovers.knocking import Knocking
from console.failover import evidence
from console.failover.observed import Asked, Observation
from console.failover.phases import aged, phase, since
from console.failover.run import Run, after
from console.failover.told import Beside, told
from console.protocol.failover import Failover, PhaseWord

log = logging.getLogger(__name__)

TELL_EVERY_S = 0.5
Changed = Callable[["One", PhaseWord | None], object]
"""With the phase before, where it is another now."""


class One:
    """``run`` is all that is known of it. `begin` knocks and tells until `end`, or until it is over."""

    def __init__(
        self,
        run: Run,
        knocking: Callable[[Callable[[Knock], object]], Knocking],
        now: Callable[[], datetime],
        changed: Changed,
        *,
        evidence_in: Path | None,
    ) -> None:
        self.run = run
        self._now, self._changed = now, changed
        self._knocking = knocking(self.saw)
        self._phase: PhaseWord | None = None
        self._path = evidence_in / f"{run.case.id}.csv" if evidence_in else None
        self._unwritten: list[Knock] = []
        self._cannot_write = NO_TEXT
        self._threads = Threads(1)
        self._told_at = 0.0
        self._tells_each = False
        self._tasks: list[asyncio.Task[None]] = []
        self.acknowledged: Safe = NO_TEXT

    @property
    def is_over(self) -> bool:
        return self.run.ended is not None

    def saw(self, seen: Observation) -> None:
        before = self.run
        self.run = aged(after(before, seen), self._now())
        if isinstance(seen, Knock):
            self._unwritten.append(seen)
        if self.run is not before or isinstance(seen, Asked):
            self._follow()

    def acknowledge(self, by: Safe) -> None:
        self.acknowledged = by
        self._follow(at_once=True)

    def body(self) -> Failover:
        where = NO_TEXT if self._path is None else sanitise(str(self._path))
        beside = Beside(
            endpoint=self._knocking.endpoint,
            every=timedelta(milliseconds=self._knocking.every_ms),
            trouble=self._knocking.trouble,
            evidence=self._cannot_write or where,
            acknowledged=self.acknowledged,
        )
        return told(self.run, beside, self._now())

    def begin(self, *, knocks: bool = True) -> None:
        """Knock at it, and tell of it twice a second; or tell only what is seen otherwise, as often as that is."""
        self._tells_each = not knocks
        self._follow(at_once=True)
        if knocks and not self.is_over:
            self._tasks = [self._task(self._knocking.go_on()), self._task(self._tell())]

    async def end(self) -> None:
        """What was seen is on disk then."""
        here = asyncio.current_task()
        tasks = [task for task in self._tasks if task is not here]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks = []
        await self._write()

    def _task(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=f"failover {self.run.case.id}")
        task.add_done_callback(_ended)
        return task

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            self.run = aged(self.run, self._now())
            self._knocking.is_patient = self._now() - since(self.run) > self.run.case.bounds.overdue
            self._follow(at_once=True)
            await self._write()

    def _follow(self, *, at_once: bool = False) -> None:
        """Another phase is told at once; all else twice a second at the most."""
        now, before = phase(self.run, self._now()), self._phase
        self._phase = now
        if now != before:
            self._told_at = time.monotonic()
            self._changed(self, before or "preflight")
        elif at_once or self._tells_each or time.monotonic() - self._told_at >= TELL_EVERY_S:
            self._told_at = time.monotonic()
            self._changed(self, None)

    async def _write(self) -> None:
        """What cannot be kept is said, and keeps nobody from knocking."""
        rows, self._unwritten = self._unwritten, []
        if self._path is None or not rows:
            return
        about = f"failover {self.run.case.id} of {self.run.case.resource}"
        try:
            await self._threads.call(str(self._path), partial(evidence.append, self._path, about, rows))
        except (OSError, Trouble) as error:
            why = getattr(error, "strerror", None) or str(error)
            self._cannot_write = sanitise(f"The knocks cannot be kept: {why}")


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a failover's task ended", exc_info=error)
