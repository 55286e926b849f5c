"""Every way in which a check of a flush of plans does not pass."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from collectors.aws.reader import Reader
from collectors.database.rows import Rows
from collectors.errors import CannotCollect
from collectors.inside.identity import Identity
from collectors.inside.queries import Queries, Statement
from collectors.redis.asking import Cache
from collectors.redis.wire.target import Target as CacheTarget
from collectors.safe import Safe
from collectors.sqlserver.asking import Question, Server
from collectors.sqlserver.wire.errors import About, told
from collectors.sqlserver.wire.target import Target
from console.actions.check import Check, Verdict
from console.actions.craft import Sight
from console.actions.crafts import crafts
from console.actions.hands import Hands, Narrowed, Way
from console.actions.known import Value
from console.demo.tds.answering import Asked, Login, TdsError
from tests.actions.failovers.inside import Inside
from tests.actions.given import NOW, TARGET
from tests.actions.recorded import Recorded
from tests.rig.plan_server import BORN, ONE, PlanServer
from tests.rig.tds import USER

SCOPES = {"flush.plan": f"plan:{ONE}", "flush.plans": "plans:shop", "flush.all-plans": "all-plans"}
BACKUP = {"Date": NOW - timedelta(minutes=2), "Message": "Automated backup started", "SourceIdentifier": "billing"}
WELL = Recorded(DescribeEvents={"Events": [BACKUP]})
A_MINUTE = timedelta(minutes=1)


@dataclass
class InProcess(Server):
    """What the server answers, without a wire."""

    server: PlanServer

    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        try:
            return tuple(await self.server.answer(Asked(question.text, arguments, Login(USER))))
        except TdsError as error:
            raise told(
                RuntimeError("42000", f"[SQL Server]{error} (SQLExecDirectW)"), About("billing")
            ).trouble from None


@dataclass
class Own(Hands):
    reads: Server
    has_login: bool = True

    def cache(self, about: str) -> Cache:
        raise CannotCollect("there is none")

    def server(self, about: str) -> Server:
        return self.reads

    def way_to_cache(self, about: str) -> Way[CacheTarget]:
        raise CannotCollect("there is none")

    def way_to_server(self, about: str) -> Way[Target]:
        if not self.has_login:
            raise CannotCollect("the profile names none for billing.")

        async def log_in(_: Narrowed) -> Any:
            raise AssertionError("a look logs nobody in")

        return Way(Target("billing"), Safe("dbconsole_flush of env:FLUSH"), log_in)


async def _kept(_: bytes) -> str:
    return f"sha256:{'5e' * 32}"


def server(**otherwise: Any) -> PlanServer:
    return PlanServer(**{"clock": lambda: NOW, **otherwise})


def statement(hash_: str, handle: str) -> Statement:
    return Statement(
        Safe(hash_), Safe("0x01"), Safe("shop"), Safe("SELECT"), 1, 1, 1, 1, 1, 1, plan_handle=Safe(handle)
    )


def queries(hash_: str = "0x" + "0A" * 8, handle: str = ONE) -> dict[str, Queries]:
    return {"billing": Queries(Safe("billing"), NOW, (statement(hash_, handle),), 60.0, Safe("query stats"))}  # type: ignore[arg-type]


def identity(**otherwise: Any) -> dict[str, Identity]:
    usual = Identity(Safe("billing"), NOW, Safe("16.0"), Safe("SE"), Safe("EC2AMAZ-1A2B3C4"), BORN, Safe("none"))  # type: ignore[arg-type]
    return {"billing": replace(usual, **otherwise)}


def values(used: float | None = 43.0, ago: timedelta = A_MINUTE) -> dict[tuple[str, str], Value]:
    known = {("billing", "counter.SQL Compilations/sec"): Value(61.0, NOW - timedelta(seconds=9))}
    return known if used is None else {**known, ("billing", "CPUUtilization"): Value(used, NOW - ago)}


def well() -> Inside:
    return Inside(of_server=identity(), of_queries=queries(), values=values())


@dataclass(frozen=True)
class Look:
    """``of``: the actions that have the check."""

    check: str
    when: str
    make: Callable[[], PlanServer] = server
    inside: dict[str, Any] = field(default_factory=dict)
    reader: Reader = WELL
    has_login: bool = True
    of: tuple[str, ...] = tuple(SCOPES)
    scope: str = ""


def failed_over() -> Recorded:
    told_ = {"Date": NOW - timedelta(minutes=4), "Message": "Multi-AZ instance failover completed",
             "SourceIdentifier": "billing"}  # fmt: skip
    return Recorded(DescribeEvents={"Events": [told_]})


ONE_PLAN, ONE_DATABASE = ("flush.plan",), ("flush.plans",)
LOOKS: tuple[Look, ...] = (
    Look("login", "the profile names none", has_login=False),
    Look("permission", "always"),
    Look("server", "nobody has looked at it", inside={"of_server": {}}),
    Look("server", "another node answers", inside={"of_server": identity(node=Safe("EC2AMAZ-9Z9Z9Z9"))}),
    Look("server", "it has started anew", inside={"of_server": identity(started=BORN - timedelta(days=3))}),
    Look("handle", "it is gone", lambda: server(plans=[]), of=ONE_PLAN),
    Look("handle", "nothing on the screen runs by it", inside={"of_queries": queries(handle="0x06")}, of=ONE_PLAN),
    Look("handle", "another statement runs by it", inside={"of_queries": queries("0x" + "0B" * 8)}, of=ONE_PLAN),
    Look("database", "there is none", of=ONE_DATABASE, scope="plans:shops"),
    Look("database", "it is written otherwise", of=ONE_DATABASE, scope="plans:SHOP"),
    Look("database", "it is the server's own", of=ONE_DATABASE, scope="plans:master"),
    Look("database", "it is RDS's", of=ONE_DATABASE, scope="plans:rdsadmin"),
    Look("database", "it is a secondary", of=ONE_DATABASE, scope="plans:copy"),
    Look("cpu", "nobody tells it", inside={"values": {}}),
    Look("cpu", "it was told long ago", inside={"values": values(12.0, timedelta(minutes=6))}),
    Look("cpu", "it is busy", inside={"values": values(70.0)}),
    Look("recent", "it started three minutes ago", lambda: server(started=NOW - timedelta(minutes=3)),
         {"of_server": identity(started=NOW - timedelta(minutes=3))}),
    Look("recent", "it failed over four minutes ago", reader=failed_over()),
    Look("recent", "its events cannot be read", reader=Recorded()),
    Look("saved", "the login may not see the plans", lambda: server(knows_xml=False)),
)  # fmt: skip


async def looked(name: str, look: Look | None = None) -> Sight:
    """As the craft sees it where all is well, but for that."""
    of = look or Look("", "")
    hands = Own(InProcess(of.make()), of.has_login)
    craft = crafts(lambda *_: None, replace(well(), **of.inside), hands, keep=_kept)[name]
    target = replace(TARGET, scope=of.scope or SCOPES[name])
    return await craft.look(of.reader, target, NOW)


async def of_plans() -> AsyncIterator[tuple[str, str, Check]]:
    """By the action and what is the matter, what its own checks say."""
    for name in SCOPES:
        for look in LOOKS:
            if name in look.of:
                sight = await looked(name, look)
                found = next(each for each in sight.checks if each.name == look.check)
                assert found.verdict is not Verdict.PASS, (name, look)
                yield name, look.when, found
