"""What comes, goes or changes between two lists of the inventory is an event; what the first one finds is not."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

from collectors.clock import SteppedClock
from collectors.collector import Collector
from collectors.errors import CannotCollect
from collectors.readings import Gone, Happened, Reading, ResourceId, Severity
from collectors.safe import Safe
from console import __version__
from console.engine.answers import Answers
from console.engine.core import Core, Identity
from console.engine.naming import MOST_NAMED
from console.protocol import memory
from console.protocol.client import Client
from console.protocol.meta import Objective
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve
from tests.estate.builders import ORDERS, START, at, described

BILLING = ResourceId(Safe("billing"))
LAST = Happened(ORDERS, at(600), Safe("the last thing"), Severity.INFO, Safe("test"))
PLACE = "eu-west-1.default"


class Lists(Collector[str]):
    """Each pass tells the next of them."""

    name = "inventory"
    every = timedelta(minutes=1)

    def __init__(self, *passes: tuple[Reading, ...]) -> None:
        self._passes = iter(passes)

    async def collect(self, target: str) -> AsyncIterator[Reading]:
        for reading in next(self._passes):
            yield reading


async def events(*passes: tuple[Reading, ...]) -> list[tuple[str | None, str]]:
    """What somebody hears who joins after these passes."""
    core = Core(Identity("shop", "live"), SteppedClock(START))
    core.schedule.add(Lists(*passes), PLACE)
    (job,) = core.schedule.jobs()
    for _ in passes:
        await core.schedule.one_pass(job)
    core.publisher.everything()
    here, there = memory.pair()
    answer = Requests(Answers(core.publisher.see, core.schedule))
    serving = asyncio.create_task(serve(there, core.hub, access=Access.VIEW, version=__version__, answer=answer))
    async with Client(here, "view", __version__) as client:
        core.teller.happened(LAST)
        while not (told := client.mirror.events) or told[-1].text != LAST.text:
            await anext(client.changes())
    await serving
    return [(event.resource, event.text) for event in told[:-1]]


async def test_what_the_first_list_finds_is_no_news_and_what_a_later_one_finds_is() -> None:
    first = (described(),)
    later = (described(60), described(60, about=BILLING))
    assert await events(first) == []
    assert await events(first, later) == [(BILLING, "new in the list of eu-west-1")]


async def test_what_is_no_longer_listed_is_told_once() -> None:
    gone = (Gone(ORDERS, at(60)),)
    assert await events((described(),), gone, gone) == [(ORDERS, "no longer listed by AWS")]


async def test_a_failover_is_told_by_what_it_changes() -> None:
    after = replace(described(60), az=Safe("eu-west-1b"))
    assert await events((described(),), (after,)) == [(ORDERS, "zone was eu-west-1a, is now eu-west-1b")]


class Fails(Collector[str]):
    """Each time for another reason, which no other reason is like."""

    name = "fails"
    every = timedelta(minutes=1)

    def collect(self, target: str) -> AsyncIterator[Reading]:
        raise CannotCollect("It is broken.", seen=random.Random(target).randbytes(60).hex(), mend="Mend it.")


async def test_of_thousands_of_collectors_as_many_are_named_as_fit_and_the_others_are_counted() -> None:
    core = Core(Identity("shop", "live"), SteppedClock(START))
    collector, reason = Fails(), Lists(())
    core.schedule.add(reason, PLACE)
    for n in range(1500):
        core.schedule.add(collector, f"db-{n}")
    for job in core.schedule.jobs():
        await core.schedule.one_pass(job)
    core.publisher.everything()
    here, there = memory.pair()
    answer = Requests(Answers(core.publisher.see, core.schedule))
    serving = asyncio.create_task(serve(there, core.hub, access=Access.VIEW, version=__version__, answer=answer))
    async with Client(here, "once", __version__) as client:
        status = client.mirror.status
    await serving
    assert status is not None, "it fits into a message"
    assert status.collectors[0].name == "inventory"
    assert 200 < len(status.collectors) <= MOST_NAMED
    assert len(status.collectors) + status.unnamed["failing"] == 1501


async def test_who_joins_is_told_what_was_promised() -> None:
    promise = Objective(name=Safe("lag"), value=Safe("replica.lag_s"), bound=5.0, above=True)
    core = Core(Identity("shop", "live", objectives=(promise,)), SteppedClock(START))
    core.publisher.introduce()
    here, there = memory.pair()
    answer = Requests(Answers(core.publisher.see, core.schedule))
    serving = asyncio.create_task(serve(there, core.hub, access=Access.VIEW, version=__version__, answer=answer))
    async with Client(here, "view", __version__) as client:
        assert client.mirror.meta is not None
        assert client.mirror.meta.objectives == (promise,)
    await serving
