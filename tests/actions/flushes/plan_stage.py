"""A gate before a SQL Server that listens: what is asked and sent travels over TDS, through a driver."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collectors.aws.reader import Reader
from collectors.database.credentials import Credentials
from collectors.database.secret import InEnvironment
from collectors.errors import CannotCollect
from collectors.inside.identity import Identity
from collectors.inside.queries import Queries, Statement
from collectors.readings import ResourceId
from collectors.redis.asking import Cache
from collectors.redis.wire.target import Target as CacheTarget
from collectors.safe import NO_TEXT, Safe
from collectors.sqlserver.asking import Server
from collectors.sqlserver.wire.target import Encryption, Target
from collectors.sqlserver.wire.wired import Wired
from collectors.threads import Threads
from console.access.locks.border import ClusterLock, Held, Holder, Taken
from console.access.role import Role
from console.actions.craft import Craft, Progress, Sent
from console.actions.crafts import crafts
from console.actions.gate import Gate
from console.actions.hands import Hands, Narrowed, Way
from console.actions.known import Value
from console.actions.order import Order, Turn
from console.actions.plan import Plan, facts
from console.actions.plan import Target as Aim
from console.actions.preflight import Given
from console.actions.registry import Action
from console.actions.situation import Situation
from console.actions.surroundings import Keys, MakeClient, Surroundings, Wanted
from console.audit import evidence
from console.estate.times import to_ms
from tests.actions.failovers.inside import Inside
from tests.actions.given import TARGET, situation
from tests.actions.recorded import Recorded
from tests.rig import tds
from tests.rig.plan_server import BORN, FLUSHER, ONE, PlanServer
from tests.rig.severable import Severable

READS = InEnvironment(tds.USER, "PASSWORD", {"PASSWORD": tds.PASSWORD})
BILLING = ResourceId(Safe("billing"))
OP = "01K0000000000000000000000A"


class Alone(ClusterLock):
    """Nobody else wants it."""

    covers = NO_TEXT

    def __init__(self) -> None:
        self.given_back = 0

    async def take(self, key: str, holder: Holder) -> Held | Taken:
        return Held(key, holder, 1)

    async def still_held(self, held: Held) -> bool:
        return True

    async def give_back(self, held: Held) -> None:
        self.given_back += 1


@dataclass
class Around(Surroundings):
    """An engine in which all is well; what it would write to the audit is in ``written``."""

    written: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    lock_: Alone = field(default_factory=Alone)
    events: list[Any] = field(default_factory=list)

    async def situation(self, action: Action, plan: Plan, arns: tuple[str, ...], *, sends: bool = False) -> Situation:
        return situation(looked=datetime.now(UTC), role=Role.ADMIN)

    def reader(self, target: Aim) -> Reader:
        return Recorded(DescribeEvents={"Events": self.events})

    async def keys(self, wanted: Wanted) -> Keys:
        return Keys("access", "secret", None, Safe("dbconsole-admin, narrowed"))

    async def lock(self, target: Aim, op: str, client: MakeClient) -> ClusterLock:
        return self.lock_

    async def record(self, event: str, plan: Plan, data: Mapping[str, Any]) -> None:
        self.written.append((event, data))

    async def in_thread(self, what: str, work: Any) -> Any:
        return await asyncio.to_thread(work)

    def endpoint(self, target: Aim) -> str | None:
        return None

    def denied(self, action: Action, target: Aim, said: Safe) -> None:
        raise AssertionError("no key is locked by what one server refuses")


@dataclass
class PlanHands(Hands):
    """One server, asked by one login and changed by another; ``through`` may be cut."""

    reads: Server
    way: Way[Target] | None

    def cache(self, about: str) -> Cache:
        raise CannotCollect("there is none")

    def server(self, about: str) -> Server:
        return self.reads

    def way_to_cache(self, about: str) -> Way[CacheTarget]:
        raise CannotCollect("there is none")

    def way_to_server(self, about: str) -> Way[Target]:
        if self.way is None:
            raise CannotCollect("The profile names no login for it.", mend="Name flush_user and flush_secret.")
        return self.way


@dataclass
class Stage:
    server: PlanServer
    serving: tds.Serving
    line: Severable  # of whoever flushes
    hands: PlanHands
    inside: Inside
    folder: Path
    around: Around = field(default_factory=Around)
    turns: list[Turn] = field(default_factory=list)

    def craft(self, name: str) -> Craft:
        if not hasattr(self, "_crafts"):
            self._crafts = crafts(lambda *_: None, self.inside, self.hands, keep=self._keep)
        return self._crafts[name]

    async def _keep(self, told: bytes) -> str:
        return evidence.keep(self.folder, told)

    @property
    def gate(self) -> Gate:
        return Gate(self.around, lambda: datetime.now(UTC), agent="test", prepare=lambda _: None, countdown_s=0.0)

    async def plan(self, name: str, scope: str) -> Plan:
        """As the desk makes one."""
        craft, now = self.craft(name), datetime.now(UTC)
        target = replace(TARGET, about="billing", name="billing", scope=scope)
        bare = Plan(OP, name, target, (), (), (), "alice", to_ms(now))
        seen = await self.gate.look(craft, bare)
        outcomes = facts({check.name: check.verdict.value for check in seen.checks})
        given = craft.parameters(target, seen.sight)
        return replace(bare, parameters=given, expected=seen.sight.fingerprint, checks=outcomes)

    async def sent(self, plan: Plan, *overrides: str, reason: str = "") -> Turn:
        """The last that the gate says."""
        final = replace(plan, overrides=tuple(sorted(overrides)), reason=reason)
        given = Given(Role.ADMIN, frozenset(overrides), reason)
        order = Order(final, final.hash, given)
        await self.gate.execute(self.craft(plan.action), order, self.turns.append, asyncio.Event())
        return self.turns[-1]

    async def proof(self, plan: Plan, ago: timedelta = timedelta(seconds=2), *, is_accepted: bool = True) -> Progress:
        """As another engine would find it."""
        now = datetime.now(UTC)
        found = crafts(lambda *_: None, Inside(), self.hands)[plan.action]
        return await found.progress(self.around.reader(plan.target), plan, Sent(now - ago, now, is_accepted))

    @property
    def events(self) -> list[str]:
        return [event for event, _ in self.around.written]


def statement(handle: str = ONE, hash_: str = "0x" + "0A" * 8) -> Statement:
    return Statement(
        Safe(hash_), Safe("0x01"), Safe("shop"), Safe("SELECT"), 1, 1, 1, 1, 1, 1, plan_handle=Safe(handle)
    )


def known(**otherwise: Any) -> Inside:
    """The estate, which has looked at it a moment ago."""
    now = datetime.now(UTC)
    server = Identity(BILLING, now, Safe("16.0.4085.2"), Safe("Standard"), Safe("EC2AMAZ-1A2B3C4"), BORN, Safe("none"))
    usual: dict[str, Any] = {
        "of_server": {"billing": server},
        "of_queries": {"billing": Queries(BILLING, now, (statement(),), 60.0, Safe("query stats"))},
        "values": {
            ("billing", "CPUUtilization"): Value(43.0, now),
            ("billing", "counter.SQL Compilations/sec"): Value(61.0, now),
        },
    }
    return Inside(**{**usual, **otherwise})


@contextmanager
def staged(driver: tds.Driver, folder: Path, server: PlanServer | None = None, **otherwise: Any) -> Iterator[Stage]:
    answering = server or PlanServer()
    folder.chmod(0o700)

    async def log_in(narrowed: Narrowed) -> Credentials:
        await narrowed(("secretsmanager:GetSecretValue",), ("arn:of:the:secret",))
        return Credentials(FLUSHER, tds.PASSWORD)

    with tds.serving(answering) as serving, Severable(serving.port) as line:
        target = Target("127.0.0.1", serving.port, Encryption.OFF, login_s=1)
        reads = Wired(target, READS, Threads(), time.monotonic, driver=driver.named, budget=1000.0)
        way = Way(replace(target, port=line.port), Safe("dbconsole_flush"), log_in, driver.named)
        yield Stage(answering, serving, line, PlanHands(reads, way), known(**otherwise), folder)
