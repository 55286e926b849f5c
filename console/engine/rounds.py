"""When each collector runs, and what became of it: one task per collector and target."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from collectors.clock import Clock
from collectors.collector import Collector
from collectors.errors import Denied, Trouble
from collectors.readings import Reading
from collectors.safe import Safe, sanitise

log = logging.getLogger(__name__)

State = Literal["ok", "late", "failing", "denied", "pending"]
Key = tuple[str, str]
MOST_S = 10.0  # no pass may take longer, whatever its interval


@dataclass(frozen=True, slots=True)
class Health:
    """How one collector does with one target. ``last`` is its last success, in the engine's time."""

    name: Safe
    target: Safe
    every: timedelta
    state: State = "pending"
    last: datetime | None = None
    due: datetime | None = None
    took_ms: float | None = None
    error: Safe | None = None
    mend: Safe | None = None

    def succeeded(self, at: datetime, took_s: float) -> Health:
        return replace(self, state="ok", last=at, took_ms=round(took_s * 1000, 1), error=None, mend=None)

    def failed(self, error: BaseException, took_s: float) -> Health:
        """The error as the screen shows it: a collector may fail in any way without harming its neighbours."""
        what, mend = (error.line(), error.mend) if isinstance(error, Trouble) else (_unforeseen(error), "")
        return replace(
            self,
            state="late" if isinstance(error, TimeoutError) else "denied" if isinstance(error, Denied) else "failing",
            took_ms=round(took_s * 1000, 1),
            error=sanitise(what),
            mend=sanitise(mend),
        )


def _unforeseen(error: BaseException) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"


def next_due(due: datetime, every: timedelta, now: datetime) -> datetime:
    """The next time on the collector's own grid: a pass that was missed is skipped, never piled up."""
    return due + every * max(1, -(-(now - due) // every))


class Rounds:
    """Runs collectors on their intervals; a pass never overlaps itself and never harms another."""

    def __init__(
        self, clock: Clock, take: Callable[[Reading], object], on_state: Callable[[Health], object] = lambda _: None
    ) -> None:
        self._clock = clock
        self._take = take
        self._on_state = on_state  # told when a collector begins to fail, or to work
        self._health: dict[Key, Health] = {}
        self._first: dict[Key, asyncio.Event] = {}

    @property
    def health(self) -> Mapping[Key, Health]:
        return self._health

    def of(self, target: str) -> dict[str, Health]:
        """The collectors of one target, by name."""
        return {name: health for (name, about), health in self._health.items() if about == target}

    async def run(self, sources: Iterable[tuple[Collector[Any], Iterable[Any]]]) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for collector, targets in sources:
                for target in targets:
                    self._first[collector.name, str(target)] = asyncio.Event()
                    group.create_task(self._forever(collector, target), name=f"{collector.name} {target}")

    async def first_passes(self) -> None:
        """Wait until each collector has run once."""
        await asyncio.sleep(0)  # `run` may have been made a task just now
        for first in list(self._first.values()):
            await first.wait()

    async def _forever(self, collector: Collector[Any], target: Any) -> None:
        due = self._clock.now()
        while True:
            async with self._clock.busy():
                await self.one_pass(collector, target)
                self._first[collector.name, str(target)].set()
                due = next_due(due, collector.every, self._clock.now())
                key = (collector.name, str(target))
                self._health[key] = replace(self._health[key], due=due)
            await self._clock.sleep_until(due)

    async def one_pass(self, collector: Collector[Any], target: Any) -> None:
        """Ask once, within a deadline of real time; what was yielded before an error counts."""
        key = (collector.name, str(target))
        before = self._health.get(key) or Health(sanitise(collector.name), sanitise(str(target)), collector.every)
        self._health[key] = before
        began = time.monotonic()
        try:
            async with asyncio.timeout(min(MOST_S, max(1.0, 0.8 * collector.every.total_seconds()))):
                async for reading in collector.collect(target):
                    self._take(reading)
        except Exception as error:  # whatever a collector does, the others go on and the screen says so
            self._health[key] = before.failed(error, time.monotonic() - began)
            if before.state in ("ok", "pending"):
                log.warning("%s of %s: %s", collector.name, target, error, exc_info=not isinstance(error, Trouble))
        else:
            self._health[key] = before.succeeded(self._clock.now(), time.monotonic() - began)
        if self._health[key].state != before.state:
            self._on_state(self._health[key])
