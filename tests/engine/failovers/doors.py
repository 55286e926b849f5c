"""An engine's core with one door, which a test opens and shuts, and nobody else around."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collectors.aws.known import Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.clock import Clock, PacedClock
from collectors.database.load import Load
from collectors.errors import CannotCollect
from collectors.knock.knock import Door, Knock, Knocker
from collectors.readings import Described, Happened, ResourceId, Severity
from collectors.safe import NO_TEXT, Safe
from collectors.sqlserver.asking import Servers
from console import __version__
from console.actions.hands import Hands
from console.engine.answers import Answers
from console.engine.core import Core, Identity
from console.engine.databases import Databases
from console.engine.failovers.asked import Asked
from console.engine.failovers.failovers import Failovers
from console.engine.failovers.past import Past, Sources
from console.engine.failovers.surroundings import Surroundings
from console.estate.times import to_ms
from console.protocol import memory
from console.protocol.client import Client
from console.protocol.failover import Failover
from console.protocol.op import Op, StateWord
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve
from console.triage.promises import Promise
from tests.actions.no_hands import NoHands

ORDERS, OTHER = ResourceId(Safe("orders")), ResourceId(Safe("orders-copy"))
SPEED = 5.0  # what takes seconds takes none
OP = Safe("01JDB7QZ8S0000000000000000")


@dataclass
class Way:
    """To the database. Each change of its door is on record, as the truth to measure by."""

    clock: Clock
    door: Door = Door.OPEN
    node: str = "node-a"
    lacks: str = ""
    changes: list[tuple[datetime, Door]] = field(default_factory=list)

    def turn(self, door: Door, node: str = "") -> None:
        self.door, self.node = door, node or self.node
        self.changes.append((self.clock.now(), door))


class OneDoor(Knocker):
    def __init__(self, way: Way) -> None:
        self._way = way
        self.endpoint = Safe("orders.example:1433")

    async def knock(self) -> Knock:
        way = self._way
        if way.lacks:
            raise CannotCollect(way.lacks)
        began, door = way.clock.now(), way.door
        await asyncio.sleep(0.005)
        node = Safe(way.node) if door in (Door.OPEN, Door.READ_ONLY) else NO_TEXT
        said = Safe("") if node else Safe(f"it is {door}")
        return Knock(began, way.clock.now(), door, said, node, may_log_in=bool(node))


class NoServers(Databases):
    """That are looked into; all have the one door."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self.tried_again: list[ResourceId | None] = []

    @property
    def servers(self) -> Servers:
        raise NotImplementedError

    @property
    def hands(self) -> Hands:
        return NoHands()

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        return {}

    async def begin(self) -> None: ...

    async def end(self) -> None: ...

    def retry(self, about: ResourceId | None = None) -> None:
        self.tried_again.append(about)

    def knocker(self, about: ResourceId) -> Knocker | None:
        return OneDoor(self._way)


@dataclass
class Engine:
    """Everything of one that failovers need, and what a screen is told of them."""

    core: Core
    way: Way
    databases: NoServers
    failovers: Failovers
    client: Client

    async def told(self, holds: Callable[[Failover], bool], what: str, seconds: float = 10) -> Failover:
        """What a screen has heard as soon as it holds of one."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for each in self.client.mirror.failovers.values():
                        if holds(each):
                            return each
                    await anext(self.client.changes())
        except TimeoutError:
            known = [each.model_dump() for each in self.client.mirror.failovers.values()]
            raise AssertionError(f"never: {what}; known is {known}") from None

    def op(self, state: StateWord, **more: object) -> None:
        now = to_ms(self.core.clock.now())
        told = Op(
            id=OP,
            action=Safe("fail-over.instance"),
            title=Safe("Fail over"),
            resource=ORDERS,
            state=state,
            by=Safe("ann"),
            role="operator",
            began=now,
            sent=None if state in ("intent", "withdrawn") else now,
        )
        self.failovers.op_is(told.model_copy(update=more))

    def lists(self, status: str = "available", az: str = "eu-west-1a", other: str = "eu-west-1b") -> None:
        self.core._take(described(self.core.clock.now(), status, az, other))

    def happens(self, text: str, ago: float = 0) -> None:
        at = (self.core.clock.now() - timedelta(seconds=ago)).replace(microsecond=0)
        self.core._take(Happened(ORDERS, at, Safe(text), Severity.HIGH, Safe("rds")))


def described(at: datetime, status: str, az: str, other: str) -> Described:
    place = Safe("eu-west-1"), Safe("111122223333")
    facts = ((Safe("SecondaryAvailabilityZone"), Safe(other)),)
    words = (Safe("instance"), Safe("sqlserver-se"), Safe("primary"), Safe(status), Safe(az))
    return Described(ORDERS, at, *words, *place, facts=facts)


@asynccontextmanager
async def engine(folder: Path | None = None, clock: Clock | None = None) -> AsyncIterator[Engine]:
    clock = clock or PacedClock(datetime.now(UTC), SPEED)
    core = Core(Identity("shop", "live"), clock, promises=(Promise("failover", 60.0),))
    way = Way(clock)
    databases = NoServers(way)
    failovers = Failovers(Surroundings(core, databases, lambda _: None, speed=SPEED, folder=folder, of="one"))
    sources = Sources(Known(), _no_reader, lambda: core.estate.resources, clock.now)
    asked = Asked(failovers, Past(failovers, sources), clock.now)
    answers = Answers(core.publisher.see, core.schedule, failover=asked.answer)
    core._take(described(clock.now(), "available", "eu-west-1a", "eu-west-1b"))
    core.publisher.introduce()
    here, there = memory.pair()
    serving = asyncio.create_task(
        serve(there, core.hub, access=Access.CONTROL, version=__version__, answer=Requests(answers))
    )
    living = asyncio.create_task(failovers.live())
    async with Client(here, "control", __version__) as client:
        try:
            yield Engine(core, way, databases, failovers, client)
        finally:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
            await failovers.end()
    await serving


def _no_reader(_: Place) -> Reader:
    raise CannotCollect("There is no AWS here.")


def utc(ms: int | None) -> datetime:
    assert ms is not None
    return datetime.fromtimestamp(ms / 1000, UTC)


