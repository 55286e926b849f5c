"""A minute of the demo, played once in this process: each engine of a test begins where the play ended."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.clock import SteppedClock
from collectors.collector import Collector
from collectors.inside.waits import Waits
from collectors.job import Job
from collectors.readings import Happened, Reading
from collectors.schedule.health import Health
from console.engine.core import Core, Identity
from tests.rig.model_sources import demo_sources

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)  # a Wednesday at ten
PLAYED = timedelta(seconds=61)
STILL = 1e-9  # how fast its time goes on the screen
TOOK_MS = 4.2  # each pass, however busy the machine is
APART = (Happened, Waits)  # kinds of readings that an engine keeps beside its estate too


@dataclass
class _Play:
    """``passes``: when each collector was heard last, and what of it an engine keeps beside its estate."""

    estate: bytes
    passes: list[tuple[datetime, Collector[Any], str]] = field(default_factory=list)
    health: Mapping[Job, Health] = field(default_factory=dict)  # after all of them, once they were made


class _Listened(Collector[Any]):
    """Passes on what another says, and keeps what is to be said again."""

    def __init__(self, asked: Collector[Any], kept: dict[Job, list[Reading]]) -> None:
        self._asked, self._kept = asked, kept

    async def collect(self, target: Any) -> AsyncIterator[Reading]:
        kept = self._kept.setdefault(Job(self.name, str(target)), [])
        async for reading in self._asked.collect(target):
            if isinstance(reading, APART):
                kept.append(reading)
            yield reading


class _Said(Collector[Any]):
    """All that one collector said of one target, in one pass."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self.readings = tuple(readings)

    async def collect(self, target: Any) -> AsyncIterator[Reading]:
        for reading in self.readings:
            yield reading


_plays: list[_Play] = []


async def played() -> Core:
    """An engine's core as it was at the end."""
    if not _plays:
        _plays.append(await _played())
    clock = SteppedClock(MOMENT)
    core = Core(Identity("resilient-database", "demo", STILL), clock)
    play = _plays[0]
    for _, collector, target in play.passes:
        core.schedule.add(collector, target)
    for at, said, target in play.passes:
        run = core.schedule._runs[Job(said.name, target)]
        if play.health:  # as it was known to end: a thousand tests need not wait for it
            run.health = play.health[run.job]
            run.first.set()
            await _say_again(core, clock, at, said)
        else:
            await clock.sleep_until(at)
            await core.schedule.one_pass(run.job)
            run.health = replace(run.health, took_ms=TOOK_MS)
    play.health = play.health or core.schedule.health
    await clock.sleep_until(MOMENT + PLAYED)
    for resource in pickle.loads(play.estate):  # noqa: S301 - our own, of a moment ago
        core.estate.restore(resource)
        for fact in resource.inside.values():
            core.estate.fold(fact)
    return core


async def _say_again(core: Core, clock: SteppedClock, at: datetime, said: Collector[Any]) -> None:
    if readings := getattr(said, "readings", ()):
        await clock.sleep_until(at)
        for reading in readings:
            core._take(reading)


async def _played() -> _Play:
    """Thousands of points are folded, which no test but one need wait for."""
    clock = SteppedClock(MOMENT)
    core = Core(Identity("resilient-database", "demo", STILL), clock)
    kept: dict[Job, list[Reading]] = {}
    for asked, targets in demo_sources(1, MOMENT, clock.now):
        for target in targets:
            core.schedule.add(_like(asked, _Listened, asked, kept), target)
    collecting = asyncio.create_task(core.schedule.run())
    await clock.sleep_until(MOMENT + PLAYED)
    collecting.cancel()
    await asyncio.gather(collecting, return_exceptions=True)
    play = _Play(pickle.dumps(list(core.estate.resources.values())))
    kinds = {asked.name: asked for asked, _ in demo_sources(1, MOMENT, clock.now)}
    for job, health in core.schedule.health.items():
        said = _like(kinds[job.collector], _Said, kept.get(job, ()))
        play.passes.append((health.last or MOMENT, said, job.target))
    play.passes.sort(key=lambda each: each[0])
    return play


def _like(asked: Collector[Any], kind: type[Collector[Any]], *arguments: object) -> Collector[Any]:
    """One that has the name, the pace and the needs of another."""
    known = {"name": asked.name, "every": asked.every, "needs": asked.needs}
    made: Collector[Any] = type(type(asked).__name__, (kind,), known)(*arguments)
    return made
