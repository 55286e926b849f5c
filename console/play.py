"""An engine without sockets, for one-shot answers: it runs to a moment, and is read as any engine is, over a link."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.clock import SteppedClock
from console import __version__
from console.demo.collectors import demo_sources
from console.engine.answers import Answers
from console.engine.core import Core, Identity
from console.estate.times import to_ms
from console.protocol import memory
from console.protocol.client import Client
from console.protocol.mirror import Mirror
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve

PASSES_APART = timedelta(seconds=5)  # so that rates exist


@dataclass(frozen=True, slots=True)
class Moment:
    """What a client was told, and when that was so."""

    mirror: Mirror
    now_ms: int


async def play(estate: str, seed: int, start: datetime, length: timedelta, ceiling: float | None) -> Moment:
    """The demo from its start, each collector at its own pace, as fast as ``ceiling`` and the work allow."""

    async def run(core: Core) -> None:
        rounds = asyncio.create_task(core.schedule.run())
        end = asyncio.create_task(core.clock.sleep_until(start + length))
        await asyncio.wait((rounds, end), return_when=asyncio.FIRST_COMPLETED)
        if rounds.done():
            rounds.result()
        rounds.cancel()
        await asyncio.gather(rounds, return_exceptions=True)

    return await _read_after(run, estate, seed, start, ceiling)


async def two_passes(estate: str, seed: int, start: datetime) -> Moment:
    """Every collector twice, five seconds apart."""

    async def run(core: Core) -> None:
        for at in (start, start + PASSES_APART):
            await core.clock.sleep_until(at)
            async with core.clock.busy():
                await asyncio.gather(*(core.schedule.one_pass(job) for job in core.schedule.jobs()))

    return await _read_after(run, estate, seed, start, None)


async def _read_after(
    run: Callable[[Core], Awaitable[None]], estate: str, seed: int, start: datetime, ceiling: float | None
) -> Moment:
    clock = SteppedClock(start, ceiling)
    core = Core(Identity(estate, "demo"), clock)
    for collector, targets in demo_sources(seed, start, clock.now):
        for target in targets:
            core.schedule.add(collector, target)
    await run(core)
    core.publisher.everything()
    here, there = memory.pair()
    answer = Requests(Answers(core.publisher.see, core.schedule))
    serving = asyncio.create_task(serve(there, core.hub, access=Access.VIEW, version=__version__, answer=answer))
    async with Client(here, "once", __version__) as client:
        moment = Moment(client.mirror, to_ms(clock.now()))
    await serving
    return moment
