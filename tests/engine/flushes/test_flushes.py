"""The time after a flush in an engine: begun by its end, told as the estate's values come, and written down at last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.clock import Clock
from collectors.readings import Described, Metric, ResourceId
from collectors.safe import NO_TEXT, Safe
from console import __version__
from console.engine.answers import Answers
from console.engine.core import Core, Identity
from console.engine.flushes.flushes import Flushes
from console.engine.flushes.hand import Hand
from console.estate.times import to_ms
from console.flush.watch import Flushed
from console.protocol import memory
from console.protocol.client import Client
from console.protocol.flush import Flush
from console.protocol.op import Op, StateWord
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve

CACHE, COPY, OTHER, ORDERS = (
    ResourceId(Safe(name)) for name in ("sessions-0001-001", "sessions-0001-002", "sessions-0002-001", "orders")
)
OP = Safe("01JDB7QZ8S0000000000000000")
BEGAN = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
HITS, CPU = "redis.hit_percent", "cloudwatch.CPUUtilization"


class Turned(Clock):
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.at = BEGAN

    def now(self) -> datetime:
        return self.at

    async def sleep_until(self, when: datetime) -> None:
        await asyncio.Event().wait()


@dataclass
class Noted(Hand):
    """``left``: those of before."""

    left: Sequence[Flushed] = ()
    written: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    async def verified(self, op: str, data: Mapping[str, Any]) -> None:
        self.written.append((op, data))

    async def unverified(self, since: datetime) -> Sequence[Flushed]:
        return [each for each in self.left if each.done >= since]

    def origins(self, about: ResourceId) -> Sequence[ResourceId]:
        return [ORDERS]


@dataclass
class Engine:
    clock: Turned
    core: Core
    flushes: Flushes
    hand: Noted
    client: Client

    def is_needed(self) -> bool:
        return self.flushes.holds

    def op(self, state: StateWord, action: str = "flush.database", **more: object) -> None:
        now = to_ms(self.clock.at)
        told = Op(
            id=OP, action=Safe(action), title=Safe("Flush"), resource=CACHE, state=state, by=Safe("ann"), role="admin",
            began=now, sent=None if state == "intent" else now - 4_000, ended=now if state in ENDED else None,
        )  # fmt: skip
        self.flushes.op_is(told.model_copy(update=more))

    def says(self, about: ResourceId, name: str, value: float | None) -> None:
        self.core._take(Metric(about, self.clock.at, Safe(name), value, Safe("Percent")))

    def play(self, seconds: float, hits: float, cpu: float) -> None:
        """A value every five seconds and every minute, as long as that."""
        for number in range(int(seconds / 5)):
            self.clock.at += timedelta(seconds=5)
            self.says(CACHE, HITS, hits)
            if number % 12 == 0:
                self.says(ORDERS, CPU, cpu)

    async def told(self, holds: Callable[[Flush], bool]) -> Flush:
        async with asyncio.timeout(10):
            while True:
                found = self.client.mirror.flushes.get(OP)
                if found is not None and holds(found):
                    return found
                await anext(self.client.changes())


ENDED = ("done", "failed", "rejected", "withdrawn")


def described(about: ResourceId, role: str, kind: str = "cache", cluster: str = "") -> Described:
    words = (Safe(kind), Safe("redis" if kind == "cache" else "sqlserver-se"), Safe(role), Safe("available"))
    where = (Safe("eu-west-1a"), Safe("eu-west-1"), Safe("111122223333"))
    return Described(about, BEGAN, *words, *where, cluster=ResourceId(Safe(cluster)) if cluster else None)


@asynccontextmanager
async def engine(*left: Flushed, at: datetime = BEGAN) -> AsyncIterator[Engine]:
    clock = Turned()
    clock.at = at
    core = Core(Identity("shop", "live"), clock)
    flushes, hand = Flushes(core, speed=1000.0), Noted(left)
    flushes.hand = hand
    for about, role in ((CACHE, "primary"), (COPY, "replica"), (OTHER, "primary")):
        core._take(described(about, role, cluster="sessions"))
    core._take(described(ORDERS, "primary", "instance"))
    core.publisher.introduce()
    here, there = memory.pair()
    answers = Requests(Answers(core.publisher.see, core.schedule))
    serving = asyncio.create_task(serve(there, core.hub, access=Access.VIEW, version=__version__, answer=answers))
    living = asyncio.create_task(flushes.live())
    async with Client(here, "view", __version__) as client:
        try:
            yield Engine(clock, core, flushes, hand, client)
        finally:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
            await flushes.end()
    await serving


async def test_it_is_watched_from_its_end_to_its_verdict_which_the_audit_has_once() -> None:
    async with engine() as here:
        here.play(300, 96.4, 43)
        here.op("done")
        assert here.is_needed()
        here.play(360, 3.1, 88)
        down = await here.told(lambda f: any(each.now == 3.1 for each in f.figures))
        assert [(each.what, each.about, each.now) for each in down.figures] == [
            ("hit rate", CACHE, 3.1),
            ("CPU", ORDERS, 88.0),
        ]
        assert (down.by, down.title, down.until - down.done) == ("ann", "Flush", 900_000)
        here.play(300, 95.8, 45)
        over = await here.told(lambda f: f.ended is not None)
        assert over.outcome.startswith("hit rate 96.4 % -> 3.1 % -> 95.8 % after ")
        await here.flushes.end()
        ((op, data),) = here.hand.written
        assert (op, data["said"]) == (OP, over.outcome)
        assert not here.is_needed()
        here.op("done")
        assert not here.is_needed(), "it is told of again, and is over"


async def test_of_a_group_each_primary_is_watched_and_no_replica() -> None:
    async with engine() as here:
        for about in (CACHE, COPY, OTHER):
            here.says(about, HITS, 96.0)
        here.clock.at += timedelta(seconds=10)
        here.op("done")
        told = await here.told(lambda f: len(f.figures) > 1)
        assert [each.about for each in told.figures if each.what == "hit rate"] == [CACHE, OTHER]


async def test_of_a_server_it_is_what_it_compiles_and_its_processor() -> None:
    async with engine() as here:
        here.says(ORDERS, "counter.SQL Compilations/sec", 50.0)
        here.says(ORDERS, CPU, 40.0)
        here.clock.at += timedelta(minutes=2)
        here.op("done", "flush.all-plans", resource=ORDERS)
        told = await here.told(lambda f: bool(f.figures))
        assert [(each.what, each.before) for each in told.figures] == [("compilations", 50.0), ("CPU", 40.0)]


async def test_an_alarm_is_an_event_once_however_its_numbers_move() -> None:
    async with engine() as here:
        here.play(300, 96.4, 43)
        here.op("done")
        for cpu in (93, 97):
            here.play(60, 3.1, cpu)
            await here.told(lambda f, cpu=cpu: any(f"{cpu} % now" in each for each in f.alarms))  # type: ignore[misc]
        texts = [event.text for event in here.client.mirror.events]
        (told,) = [each for each in texts if "went over 90 % CPU" in each]
        assert told.startswith("After the flush: orders went over 90 % CPU: 93 %")


async def test_what_was_rejected_withdrawn_or_is_something_else_is_not_watched() -> None:
    async with engine() as here:
        for state in ("intent", "sent", "accepted", "rejected", "withdrawn"):
            here.op(state)
        here.op("done", "snapshot.cache")
        assert not here.is_needed()
        here.op("failed")
        assert (await here.told(lambda _: True)).failed, "what it did until then is done"


GONE = Flushed(OP, CACHE, Safe("Flush"), Safe("bob"), BEGAN - timedelta(seconds=64), BEGAN - timedelta(seconds=60))


async def test_what_another_engine_left_is_gone_on_with() -> None:
    async with engine(GONE) as here:
        told = await here.told(lambda _: True)
        assert (told.by, told.done) == ("bob", to_ms(GONE.done))
        here.clock.at = GONE.until
        over = await here.told(lambda f: f.ended is not None)
        assert over.ended == over.until
        await here.flushes.end()
        assert [op for op, _ in here.hand.written] == [OP]


async def test_what_ended_long_ago_is_history_and_a_topic_is_told_for_an_hour() -> None:
    async with engine(replace(GONE, done=BEGAN - timedelta(minutes=16), op="old", by=NO_TEXT), GONE) as here:
        await here.told(lambda _: True)
        assert set(here.client.mirror.flushes) == {OP}
        here.clock.at = GONE.until
        await here.told(lambda f: f.ended is not None)
        here.clock.at += timedelta(hours=2)
        async with asyncio.timeout(10):
            while here.client.mirror.flushes:
                await anext(here.client.changes())
