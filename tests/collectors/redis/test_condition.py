"""A real server, asked how it does: what was done to it is what is told, and a missing grant costs its part alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from collectors.collector import Collector
from collectors.errors import Denied
from collectors.inside.cache import CacheUse, SlowLog, Spikes
from collectors.inside.replication import LinkState
from collectors.readings import Metric, Reading, ResourceId
from collectors.redis.asking import Cache, Caches, Fields, Question, Reply
from collectors.redis.condition import HIT_PERCENT, MEMORY_PERCENT, OPERATIONS, CacheCondition
from collectors.redis.latency import LatencySpikes
from collectors.redis.slow_log import SlowCommands
from collectors.redis.wire.caches import Login, WiredCaches
from tests.collectors.redis.looking import WHOLE_TIME, looking, resource
from tests.rig.redis_pair import RedisServer, redis_copies, redis_server

IT = resource("it")
OPEN = Login(tls=False, budget=WHOLE_TIME)
WATCHER = Login(kept="env:CACHE", user="watcher", tls=False, budget=WHOLE_TIME)
PASSWORD = {"CACHE": "watching"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    words = ("--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru", "--latency-monitor-threshold", "1")
    with redis_server(tmp_path_factory.mktemp("redis"), *words) as made:
        yield made


@pytest.fixture
async def caches(server: RedisServer) -> AsyncIterator[WiredCaches]:
    async with looking({"it": server.port}, OPEN) as made:
        yield made.caches


async def told(collector: Collector[ResourceId], about: ResourceId = IT) -> list[Reading]:
    return [each async for each in collector.collect(about)]


def clock() -> datetime:
    return datetime.now(UTC)


async def use(collector: CacheCondition, about: ResourceId = IT) -> CacheUse:
    found = (await told(collector, about))[0]
    assert isinstance(found, CacheUse)
    return found


async def test_what_was_asked_of_it_is_what_is_told(server: RedisServer, caches: WiredCaches) -> None:
    collector = CacheCondition(caches, clock)
    first = await told(collector)
    assert isinstance(first[0], CacheUse)
    assert first[0].rates is None
    server.say("SELECT", 0)
    for number in range(30):
        server.say("SET", f"session:{number}", "v", "EX", 60)
    for number in range(40):
        server.say("GET", f"session:{number}")
    found, *metrics = await told(collector)
    assert isinstance(found, CacheUse)
    assert found.rates is not None
    assert found.rates.hit_percent == pytest.approx(75)
    assert found.rates.operations is not None
    assert found.rates.operations * found.rates.interval_s >= 70
    (keys,) = found.databases
    assert (keys.database, keys.keys, keys.expiring) == (0, 30, 30)
    by_name = {str(command.name): command for command in found.commands}
    assert by_name["GET"].calls * found.rates.interval_s == pytest.approx(40)
    assert (by_name["GET"].p99_us or 0) > 0
    assert (found.role, found.is_cluster, found.version[:6], found.link) == ("primary", False, "Redis ", None)
    assert (found.memory.most, found.memory.policy) == (50 * 1024**2, "allkeys-lru")
    assert found.clients.connected is not None
    values = {each.name: each.value for each in metrics if isinstance(each, Metric)}
    assert values[HIT_PERCENT] == pytest.approx(75)
    assert (values[MEMORY_PERCENT] or 0) > 0
    assert (values[OPERATIONS] or 0) > 0


async def test_counters_that_somebody_cleared_begin_anew(server: RedisServer, caches: WiredCaches) -> None:
    collector = CacheCondition(caches, clock)
    server.say("GET", "session:0")
    await use(collector)
    server.say("CONFIG", "RESETSTAT")
    assert (await use(collector)).rates is None
    assert (await use(collector)).rates is not None


async def test_a_replica_says_whom_it_follows(tmp_path_factory: pytest.TempPathFactory) -> None:
    with redis_copies(tmp_path_factory.mktemp("copies"), 1) as (primary, (copy,)):
        async with looking({"it": primary.port, "copy": copy.server.port}, OPEN) as made:
            collector = CacheCondition(made.caches, clock)
            above, below = await use(collector), await use(collector, resource("copy"))
            assert (above.role, above.replicas) == ("primary", 1)
            assert (below.role, below.link, below.source) == (
                "replica",
                LinkState.IN_STEP,
                f"127.0.0.1:{copy.line.port}",
            )


async def test_its_slow_log_is_told_without_what_was_stored(server: RedisServer, caches: WiredCaches) -> None:
    now = [datetime(2026, 3, 11, tzinfo=UTC)]
    collector = SlowCommands(caches, lambda: now[0])
    server.say("SLOWLOG", "RESET")
    server.say("CONFIG", "SET", "slowlog-log-slower-than", 0)
    try:
        await told(collector)
        server.say("SET", "session:alice", "hunter2")
        server.say("EVAL", "return 'hunter2'", 0)
    finally:
        server.say("CONFIG", "SET", "slowlog-log-slower-than", -1)
    now[0] += timedelta(seconds=30)
    (log,) = await told(collector)
    assert isinstance(log, SlowLog)
    rows = {(row.command, row.key) for row in log.rows}
    assert {("SET", "session:… (13)"), ("EVAL", "")} <= rows
    assert "hunter2" not in str(log)
    assert "alice" not in str(log)
    assert log.per_s is not None
    assert log.per_s > 0
    server.say("DEBUG", "SLEEP", 0.01)
    (spikes,) = await told(LatencySpikes(caches, clock))
    assert isinstance(spikes, Spikes)
    assert "command" in {each.name for each in spikes.rows}


@pytest.mark.parametrize(
    ("kind", "grant"),
    [(CacheCondition, "+info"), (SlowCommands, "+slowlog|get"), (LatencySpikes, "+latency|latest")],
)
async def test_one_grant_is_enough_for_one_part_and_its_want_is_named(
    server: RedisServer, kind: type[CacheCondition | SlowCommands | LatencySpikes], grant: str
) -> None:
    server.say("ACL", "SETUSER", "watcher", "reset", "on", ">watching", "-@all", "+ping")
    async with looking({"it": server.port}, WATCHER, environment=PASSWORD) as made:
        collector = kind(made.caches, clock)
        with pytest.raises(Denied) as raised:
            await told(collector)
        assert raised.value.grant == grant
        assert f"ACL SETUSER watcher {grant}" in raised.value.mend
        server.say("ACL", "SETUSER", "watcher", grant)
        assert await told(collector)


class Replying(Caches, Cache):
    """One cache, and what it replies in turn."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)

    def of(self, about: ResourceId) -> Cache:
        return self

    def whose(self, host: str, port: int) -> ResourceId | None:
        return None

    async def ask(self, question: Question) -> Fields:
        raise AssertionError("nothing but its log is asked for")

    async def read(self, question: Question) -> tuple[Reply, ...]:
        return (self._replies.pop(0),)


async def test_slow_commands_are_counted_by_their_numbers_but_not_across_a_start() -> None:
    def log(number: int) -> Reply:
        return [[number, 1795331596, 12_000, ["GET", "a"]]]

    now = [datetime(2026, 3, 11, tzinfo=UTC)]
    collector = SlowCommands(Replying(log(100), log(160), log(3), [], log(9)), lambda: now[0])
    per_s: list[float | None] = []
    for _ in range(5):
        (found,) = await told(collector)
        assert isinstance(found, SlowLog)
        per_s.append(found.per_s)
        now[0] += timedelta(seconds=30)
    assert per_s == [None, 2.0, None, None, None]
