"""An engine without sockets, for one-shot answers: it runs to a moment, and is read as any engine is, over a link."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from collectors.aws.inventory.collector import Inventory
from collectors.clock import Clock, RealClock, SteppedClock
from console import __version__, profiles
from console.engine.answers import Answers
from console.engine.core import Core, Identity
from console.engine.failovers.failovers import Failovers
from console.engine.failovers.surroundings import Surroundings
from console.engine.outside import Outside, outside
from console.estate.times import to_ms
from console.protocol import memory
from console.protocol.client import Client
from console.protocol.mirror import Mirror
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve
from console.specs import AwsOptions, Play
from profiles.model import Profile

PASSES_APART = timedelta(seconds=5)  # so that rates exist


@dataclass(frozen=True, slots=True)
class Moment:
    """What a client was told, and when that was so."""

    mirror: Mirror
    now_ms: int


async def play(profile: Profile, demo: Play, length: timedelta, ceiling: float | None) -> Moment:
    """The demo from its start, each collector at its own pace, as fast as ``ceiling`` and the work allow."""
    clock = SteppedClock(demo.start, ceiling)
    async with _reading(profile, clock, demo, AwsOptions()) as (core, _):
        running = asyncio.create_task(core.schedule.run())
        end = asyncio.create_task(clock.sleep_until(demo.start + length))
        await asyncio.wait((running, end), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return await _read(core)


async def two_passes(profile: Profile, demo: Play | None, aws: AwsOptions) -> Moment:
    """Every collector twice, five seconds apart."""
    clock: Clock = SteppedClock(demo.start) if demo else RealClock()
    async with _reading(profile, clock, demo, aws) as (core, _):
        start = clock.now()
        for at in (start, start + PASSES_APART):
            await clock.sleep_until(at)
            async with clock.busy():
                await _one_pass_of_all(core)
        return await _read(core)


async def _one_pass_of_all(core: Core) -> None:
    """What there is comes first: the others ask for what it finds."""
    jobs = core.schedule.jobs()
    first = [job for job in jobs if job.collector == Inventory.name]
    for some in (first, [job for job in jobs if job not in first]):
        await asyncio.gather(*(core.schedule.one_pass(job) for job in some))


@asynccontextmanager
async def _reading(
    profile: Profile, clock: Clock, demo: Play | None, aws: AwsOptions
) -> AsyncIterator[tuple[Core, Outside]]:
    identity = Identity(profile.name, "demo" if demo else "live")
    core = Core(identity, clock, profiles.limits(profile), promises=profiles.promises(profile))
    still = replace(demo, speed=0.0) if demo else None  # its emulator knows no time but what it is told
    async with outside(core, profile, still, aws) as found:
        failovers = Failovers(Surroundings(core, found.databases, found.aws.place_of, knocks=False))
        try:
            yield core, found
        finally:
            await failovers.end()


async def _read(core: Core) -> Moment:
    core.publisher.everything()
    here, there = memory.pair()
    answer = Requests(Answers(core.publisher.see, core.schedule))
    serving = asyncio.create_task(serve(there, core.hub, access=Access.VIEW, version=__version__, answer=answer))
    async with Client(here, "once", __version__) as client:
        moment = Moment(client.mirror, to_ms(core.clock.now()))
    await serving
    return moment
