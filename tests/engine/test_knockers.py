"""Who knocks at which door of a live estate, and how a login that recovering servers refused comes back."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collectors.aws.known import Found, Known
from collectors.aws.place import Account, Place
from collectors.aws.ties import Ties
from collectors.clock import RealClock, SteppedClock
from collectors.database.rows import Rows
from collectors.errors import CannotCollect, Expired
from collectors.job import Job
from collectors.knock.knock import Door, Knocker
from collectors.readings import Described, ResourceId
from collectors.safe import NO_TEXT, sanitise
from collectors.sqlserver.asking import Question
from collectors.threads import Threads
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.sqlserver.server import ModelServers
from console.demo.sqlserver.wire import USER, ModelAnswerer, WireServers
from console.demo.tds.answering import Asked
from console.demo.tds.faults import WrongPassword
from console.demo.tds.session import House
from console.engine.core import Core, Identity
from console.engine.databases import LiveDatabases
from profiles.model import Profile
from tests.rig import mariadb, postgres, tds
from tests.rig.certificates import certificates
from tests.rig.redis_pair import redis_server

HOME = Place(Account("home"), "eu-west-1")
AT = datetime(2026, 3, 11, 10, tzinfo=UTC)
PASSWORD = "only of this test"  # noqa: S105 - it opens nothing


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBC_OF_A_TEST", PASSWORD)


def found(name: str, kind: str, engine: str, port: int | None = 1, **more: Any) -> Found:
    endpoint = None if port is None else ("127.0.0.1", port)
    space = "AWS/ElastiCache" if kind == "cache" else "AWS/RDS"
    return Found(ResourceId(sanitise(name)), HOME, kind, engine, name, "", space, (), endpoint=endpoint, **more)


def nobody(place: Place) -> Any:
    raise AssertionError(f"nothing of AWS is read here: {place}")


def live(profile: dict[str, Any], *listed: Found) -> tuple[Core, LiveDatabases]:
    """On a clock that stands, so that nothing is asked but by the test."""
    core, known = Core(Identity("live", "live"), SteppedClock(AT)), Known()
    made = LiveDatabases(core, Profile.model_validate({"name": "live", **profile}), known.find, nobody)
    known.put(HOME, listed)
    made.list_is(listed)
    return core, made


def knocker(profile: dict[str, Any], about: str, *listed: Found) -> Knocker:
    made = live(profile, *listed)[1].knocker(ResourceId(sanitise(about)))
    assert made is not None
    return made


PG = {"secret": "env:DBC_OF_A_TEST", "user": "ro", "encrypt": "off", "engines": ["postgres", "aurora-postgresql"]}


def test_a_cluster_has_the_door_of_its_own_endpoint_and_its_members_have_theirs() -> None:
    listed = (
        found("orders", "cluster", "aurora-postgresql", 5001),
        found("orders-1", "instance", "aurora-postgresql", 5002, ties=Ties(group="orders")),
    )
    assert knocker({"postgres": [PG]}, "orders", *listed).endpoint == "127.0.0.1:5001"
    assert knocker({"postgres": [PG]}, "orders-1", *listed).endpoint == "127.0.0.1:5002"
    by_the_members_login = knocker({"postgres": [{**PG, "ids": ["orders-*"]}]}, "orders", *listed)
    assert by_the_members_login.endpoint == "127.0.0.1:5001"


async def test_a_cluster_is_logged_in_to_as_its_members_are() -> None:
    listed = (
        found("orders", "cluster", "aurora-mysql", 1),
        found("orders-1", "instance", "aurora-mysql", 1, ties=Ties(group="orders")),
    )
    login = {"secret": "env:DBC_OF_A_TEST", "user": "ro", "ids": ["orders-1"], "engines": ["aurora-mysql"]}
    assert (await knocker({"mysql": [login]}, "orders", *listed).knock()).door is Door.DARK


def test_a_node_has_the_door_of_its_shards_primary_and_else_of_each_node_of_that_shard() -> None:
    group = Ties(group="sessions", shard="0001", door=("127.0.0.1", 7000))
    one, two = (found(f"sessions-00{n}", "cache", "redis", 7000 + n, ties=group) for n in (1, 2))
    redis = {"redis": [{"tls": False}]}
    assert knocker(redis, "sessions-002", one, two).endpoint == "127.0.0.1:7000"
    one, two = (replace(each, ties=replace(each.ties, door=None)) for each in (one, two))
    other = found("sessions-101", "cache", "redis", 7101, ties=Ties(group="sessions", shard="0002"))
    assert knocker(redis, "sessions-002", one, two, other).endpoint == "127.0.0.1:7001, 127.0.0.1:7002"
    alone = found("lone", "cache", "valkey", 7009)
    assert knocker(redis, "lone", alone).endpoint == "127.0.0.1:7009"


def test_nobody_knocks_at_what_no_family_speaks_with_or_nobody_knows() -> None:
    kinds = (("a", "table", "dynamodb"), ("b", "cache", "memcached"), ("c", "instance", "oracle-ee"))
    _, made = live({"postgres": [PG]}, *(found(*each) for each in kinds))
    assert [made.knocker(ResourceId(sanitise(name))) for name in ("a", "b", "c", "nowhere")] == [None] * 4


@pytest.mark.parametrize(
    ("profile", "listed", "words"),
    [
        ({}, found("orders", "instance", "postgres", 5001), "no login for orders"),
        ({"postgres": [PG]}, found("orders", "instance", "postgres", None), "no address yet"),
        ({"postgres": [{**PG, "secret": "env:DBC_NOT_SET"}]}, found("orders", "instance", "postgres"), "DBC_NOT_SET"),
    ],
)
async def test_what_our_side_lacks_is_said_by_whoever_would_knock(
    profile: dict[str, Any], listed: Found, words: str
) -> None:
    with pytest.raises(CannotCollect, match=words):
        await knocker(profile, "orders", listed).knock()


@dataclass(frozen=True, slots=True)
class Recovering:
    """A real server that can be made to refuse the right password, as one does that recovers."""

    listed: Found
    profile: dict[str, Any]
    job: str
    shut: Callable[[], None]
    open: Callable[[], None]


@contextmanager
def of_postgres(folder: Path) -> Iterator[Recovering]:
    with postgres.alone(certificates(folder).good) as server:
        server.sql(f"ALTER ROLE {postgres.MONITOR} PASSWORD '{PASSWORD}'")
        yield Recovering(
            found("it", "instance", "postgres", server.port),
            {"postgres": [{**PG, "user": postgres.MONITOR, "encrypt": "trust"}]},
            "replica-lag",
            lambda: _none(server.sql(f"ALTER ROLE {postgres.MONITOR} PASSWORD 'another'")),
            lambda: _none(server.sql(f"ALTER ROLE {postgres.MONITOR} PASSWORD '{PASSWORD}'")),
        )


@contextmanager
def of_mariadb(folder: Path) -> Iterator[Recovering]:
    with mariadb.secured(certificates(folder).good) as server:
        server.sql(f"CREATE USER ro@'%' IDENTIFIED BY '{PASSWORD}'", "GRANT ALL ON *.* TO ro@'%'")
        yield Recovering(
            found("it", "instance", "mariadb", server.port),
            {"mysql": [{"secret": "env:DBC_OF_A_TEST", "user": "ro", "encrypt": "trust"}]},
            "replica-lag",
            lambda: _none(server.sql("ALTER USER ro@'%' IDENTIFIED BY 'another'")),
            lambda: _none(server.sql(f"ALTER USER ro@'%' IDENTIFIED BY '{PASSWORD}'")),
        )


@contextmanager
def of_redis(folder: Path) -> Iterator[Recovering]:
    with redis_server(folder / "redis", "--aclfile", "/dev/null") as server:
        server.say("ACL", "SETUSER", "ro", "on", f">{PASSWORD}", "+info", "+client")
        yield Recovering(
            found("it", "cache", "redis", server.port),
            {"redis": [{"secret": "env:DBC_OF_A_TEST", "user": "ro", "tls": False}]},
            "replica-lag",
            lambda: _none(server.say("ACL", "SETUSER", "ro", "off")),
            lambda: _none(server.say("ACL", "SETUSER", "ro", "on")),
        )


class Knockable(ModelAnswerer):
    """Which the demo's own server need not be: it has a door of another kind."""

    async def answer(self, asked: Asked) -> Sequence[Rows]:
        if "dbconsole:knock" in asked.text:
            columns = ("asked", "updateability", "status", "node")
            return [Rows(columns, (("rdsadmin", "READ_WRITE", "ONLINE", "NODE-A"),))]
        return await super().answer(asked)


@contextmanager
def of_sqlserver(folder: Path) -> Iterator[Recovering]:
    billing = ResourceId(sanitise("billing"))
    answerer = Knockable(Model(1, AT.timestamp(), MACHINES), billing, lambda: AT, PASSWORD)
    house = House(answerer, certificates(folder).good, required=True)
    named = tds.driver(tds.FREETDS).named
    with tds.serving(answerer, house) as server:
        yield Recovering(
            found("billing", "instance", "sqlserver-se", server.port),
            {"sqlserver": [{"secret": "env:DBC_OF_A_TEST", "user": USER, "encrypt": "trust", "driver": named}]},
            "platform",
            lambda: server.faults.set(WrongPassword()),
            server.faults.set,
        )


def _none(_: object) -> None:
    return None


@asynccontextmanager
async def looked_into(it: Recovering) -> AsyncIterator[tuple[LiveDatabases, Callable[[], Any]]]:
    """With a pass of one collector, which gives what its health is then."""
    core, made = live(it.profile, it.listed)
    core.estate.fold(Described(it.listed.id, AT, *(NO_TEXT,) * 7))
    job = Job(it.job, it.listed.id)

    async def state() -> tuple[str, str]:
        await core.schedule.one_pass(job)
        health = core.schedule.health[job]
        return health.state, str(health.error)

    try:
        yield made, state
    finally:
        await made.end()


@pytest.mark.parametrize("family", [of_postgres, of_mariadb, of_redis, of_sqlserver])
async def test_a_login_that_was_refused_while_a_server_recovered_is_tried_again_when_somebody_says_so(
    family: Callable[[Path], Any], tmp_path: Path
) -> None:
    with family(tmp_path) as it:
        it.shut()
        async with looked_into(it) as (made, state):
            at_the_door = made.knocker(it.listed.id)
            assert at_the_door is not None
            assert "refuse" in (await state())[1]
            knock = await at_the_door.knock()
            assert (knock.door, knock.may_log_in) == (Door.RECOVERING, False)
            it.open()
            assert "refuse" in (await state())[1], "it is not tried again by itself, lest an account be locked"
            made.retry(it.listed.id)
            assert (await state())[0] == "ok"


@pytest.mark.parametrize("family", [of_postgres, of_mariadb, of_redis, of_sqlserver])
async def test_a_knock_that_is_refused_locks_nobody_out(family: Callable[[Path], Any], tmp_path: Path) -> None:
    with family(tmp_path) as it:
        async with looked_into(it) as (made, state):
            assert (await state())[0] == "ok"
            at_the_door = made.knocker(it.listed.id)
            assert at_the_door is not None
            assert (await at_the_door.knock()).door in (Door.OPEN, Door.READ_ONLY)
            it.shut()
            for _ in range(3):
                assert (await at_the_door.knock()).may_log_in is False
            it.open()
            assert (await at_the_door.knock()).door in (Door.OPEN, Door.READ_ONLY)
            assert (await state())[0] == "ok"


async def test_what_the_demo_asks_over_the_wire_is_tried_again_too() -> None:
    tds.driver(tds.FREETDS)
    clock = RealClock()
    servers = WireServers(ModelServers(Model(1, time.time(), MACHINES), clock.now), Threads(), "FreeTDS")
    await servers.begin()
    try:
        about = next(each for each in servers.loads)
        question = Question("host", "/* dbconsole:host */ SELECT 1", ())
        servers.of(about)._key.refuse(Expired("It refuses the login.", mend=""))
        with pytest.raises(Expired):
            await servers.of(about).ask(question)
        servers.retry(about)
        assert await servers.of(about).ask(question)
    finally:
        await servers.end()
