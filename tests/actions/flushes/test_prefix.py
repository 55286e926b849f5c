"""A prefix is deleted a few keys at a time: those and no others, at the pace that was said, until somebody stops it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

import orjson
import pytest
import redis

from collectors.safe import Safe
from console.actions.craft import Sent, Way
from console.actions.flushes.left import left
from console.actions.flushes.pace import FEWEST
from console.actions.life import State
from console.actions.line import Heard
from console.actions.operation import Operation
from console.actions.plan import from_told
from console.actions.tale import Tale
from tests.actions.flushes.servers import NAMES, SHARDS, alone, count, fill_shard, keys, ports_of
from tests.actions.flushes.stage import FLUSHER, Stage, fill, listed, staged, target
from tests.rig.cutting import Cut, cutting
from tests.rig.redis_pair import RedisServer
from tests.rig.terminal import wait_until

MANY = 20_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with alone(tmp_path_factory.mktemp("alone")) as made:
        yield made


def delete_first(port: int, prefix: str, many: int) -> None:
    """Those that SCAN tells first."""
    with contextlib.closing(redis.Redis(port=port)) as client:
        for key in islice(client.scan_iter(f"{prefix}*", 1000), many):
            client.unlink(key)


@asynccontextmanager
async def of(server: RedisServer, folder: Path, port: int | None = None) -> AsyncIterator[Stage]:
    async with staged(folder, {"alone": port or server.port}, listed([])) as stage:
        yield stage


def _said(stage: Stage, event: str) -> str:
    return next(str(data["said"]) for each, data in stage.ground.records if each == event)


async def begun(stage: Stage, said: str, name: str = "alone") -> Operation:
    """Until some are deleted."""
    planned = await stage.person.plan("flush.prefix", target(name, said))
    stage.person.confirm(planned)
    await stage.person.until(planned.id, lambda o: o.state != "planned" and o.percent is not None)
    return planned


async def test_those_that_begin_with_it_go_at_the_pace_and_all_others_stay(server: RedisServer, tmp_path: Path) -> None:
    server.say("FLUSHALL")
    fill(server.port, {"session:": MANY, "sessio": 500, "cart:": 3_000})
    fill(server.port, {"session:": 700}, database=1)
    async with of(server, tmp_path) as stage:
        planned = await stage.person.plan("flush.prefix", target("alone", "prefix:0:session:"))
        began = time.monotonic()
        stage.person.confirm(planned)
        done = await stage.person.end(planned)
        took = time.monotonic() - began
    assert done.state == "done", done.lines
    assert keys(server) == {"db0": 3_500, "db1": 700}
    assert MANY / took < 11_500
    assert re.match(r"20,000 keys were deleted in [2-9] s, [0-9],[0-9]{3}/s", _said(stage, "ACCEPTED"))
    assert "deleted; others may have come since" in done.lines[0]
    percents = [data["percent"] for event, data in stage.ground.records if event == "PROGRESS"]
    assert percents == sorted(percents)
    assert percents


@pytest.mark.parametrize("prefix", ["a*", "a?c", "a[bc]", "a\\", "h[^x]llo", "ä:"])
async def test_what_scan_takes_for_a_pattern_is_a_prefix_like_any_other(
    server: RedisServer, tmp_path: Path, prefix: str
) -> None:
    server.say("FLUSHALL")
    for key in (f"{prefix}:1", f"{prefix}", "abc", "a", "ab", "hallo", "a\\b" if prefix != "a\\" else "b", "äx"):
        server.say("SET", key, "x", "EX", 600)
    async with of(server, tmp_path) as stage:
        done = await stage.person.flush("flush.prefix", target("alone", f"prefix:0:{prefix}"))
    assert done.state == "done", done.lines
    others = {"abc", "a", "ab", "hallo", "äx", "a\\b" if prefix != "a\\" else "b"}
    assert set(server.say("KEYS", "*")) == others


async def test_of_a_cluster_each_key_is_deleted_on_its_own_shard(
    cluster: tuple[RedisServer, ...], tmp_path: Path
) -> None:
    for number in range(3):
        cluster[number].say("FLUSHALL")
        fill_shard(cluster, number, 60)
        fill_shard(cluster, number, 5, "cart:")
    async with staged(tmp_path, ports_of(cluster), listed(SHARDS)) as stage:
        done = await stage.person.flush("flush.prefix", target(NAMES[2], "prefix:0:session:"))
    assert done.state == "done", done.lines
    assert [keys(server) for server in cluster] == [{"db0": 5}] * 3


async def test_it_is_stopped_within_a_second_and_says_how_far_it_came(server: RedisServer, tmp_path: Path) -> None:
    server.say("FLUSHALL")
    fill(server.port, {"session:": MANY})
    async with of(server, tmp_path) as stage:
        operation = await begun(stage, "prefix:0:session:")
        began = time.monotonic()
        stage.person.desk.withdraw(operation.id)
        ended = await stage.person.end(operation)
        took = time.monotonic() - began
    there = keys(server)["db0"]
    assert took < 1.0
    assert 0 < there < MANY
    assert ended.state == "failed"
    assert ended.lines[0].startswith(f"It was stopped. {MANY - there:,} of about ")
    assert f"About {there:,} keys of that prefix are left; ask anew for them." in ended.lines[0]


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER])
async def test_a_line_that_is_lost_on_the_way_ends_it_and_nothing_goes_on_by_itself(
    server: RedisServer, tmp_path: Path, cut: Cut
) -> None:
    server.say("FLUSHALL")
    fill(server.port, {"session:": 5_000})
    async with cutting(server.port) as line, of(server, tmp_path, line.port) as stage:
        planned = await stage.person.plan("flush.prefix", target("alone", "prefix:0:session:"))
        line.arm(b"UNLINK", cut, after=4)
        stage.person.confirm(planned)
        ended = await stage.person.end(planned)
        assert ended.state == "failed"
        assert "The connection to alone was lost" in ended.lines[0]
    there, told = keys(server)["db0"], re.search(r"([0-9,]+) of about", ended.lines[0])
    assert told is not None
    known = 5_000 - int(told[1].replace(",", ""))
    assert 0 < there <= known - FEWEST if cut is Cut.AFTER else there == known < 5_000
    assert f"About {there:,} keys of that prefix are left" in ended.lines[0]


async def test_whoever_comes_after_a_console_that_was_killed_counts_what_is_left_and_sends_nothing(
    server: RedisServer, tmp_path: Path
) -> None:
    server.say("FLUSHALL")
    fill(server.port, {"session:": 2 * MANY})
    async with of(server, tmp_path / "other") as other, of(server, tmp_path) as stage:
        operation = await begun(stage, "prefix:0:session:")
        craft, plan, now = other.person.crafts["flush.prefix"], operation.plan, stage.ground.now()
        assert plan is not None
        at_it = await craft.progress(other.ground.aws, plan, Sent(now, now, is_accepted=False))
        assert (at_it.way, at_it.said) == (Way.UNDER_WAY, "Its console is at it.")
        await stage.person.desk.end()  # as by a kill: its task ends, and its connection with it
        await asyncio.to_thread(wait_until, lambda: "dbconsole-" not in str(server.say("CLIENT LIST")), "its end")
        there = keys(server)["db0"]
        seen = await craft.progress(other.ground.aws, plan, Sent(now, now, is_accepted=False))
    assert seen.way is Way.FAILED
    assert f"Its console ended on the way. About {there:,} keys of that prefix are left" in seen.said
    assert keys(server)["db0"] == there


async def test_a_console_that_is_killed_leaves_what_it_has_not_deleted_and_its_successor_ends_it(
    server: RedisServer, tmp_path: Path
) -> None:
    """-9: nothing of it says goodbye."""
    server.say("FLUSHALL")
    fill(server.port, {"session:": MANY})
    command = [sys.executable, "-m", "tests.actions.flushes.doomed", str(server.port), str(tmp_path / "doomed")]
    doomed = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert doomed.stdout is not None
    plan = from_told(orjson.loads(await doomed.stdout.readline()))
    doomed.kill()
    await doomed.wait()
    async with of(server, tmp_path / "next") as stage:
        now = stage.ground.now()
        told = Tale(plan.op, plan, State.SENT, "before", "estate", now, sent=now)
        stage.person.desk.resume(told, stage.person.crafts["flush.prefix"], Safe("alice"), is_elsewhere=False)
        ended = await stage.person.end(stage.person.desk.known(plan.op))
    there = keys(server)["db0"]
    assert 0 < there < MANY
    assert ended.state == "failed"
    assert (
        ended.lines[0]
        == f"Its console ended on the way. About {there:,} keys of that prefix are left; ask anew for them."
    )


async def test_a_user_that_may_not_unlink_is_a_clear_line_and_nothing_is_deleted(
    server: RedisServer, tmp_path: Path
) -> None:
    server.say("FLUSHALL")
    fill(server.port, {"session:": 100})
    server.say("ACL", "SETUSER", "flusher", "-unlink")
    try:
        async with of(server, tmp_path) as stage:
            ended = await stage.person.flush("flush.prefix", target("alone", "prefix:0:session:"))
    finally:
        server.say(*FLUSHER)
    assert ended.state == "rejected"
    assert "grant +unlink" in ended.lines[0]
    assert "Nothing was deleted" in ended.lines[0]
    assert keys(server)["db0"] == 100


async def test_what_was_deleted_in_the_journey_whose_scan_is_refused_is_counted(
    server: RedisServer, tmp_path: Path
) -> None:
    """Scripted: one SCAN that finds, and a journey that deletes and may look no more."""
    server.say("FLUSHALL")
    fill(server.port, {"session:": 5_000})
    async with of(server, tmp_path) as stage:
        planned = await stage.person.plan("flush.prefix", target("alone", "prefix:0:session:"))
        assert planned.plan is not None
        line = await stage.person.crafts["flush.prefix"].line(planned.plan, stage.ground.keys)  # type: ignore[attr-defined]
        await line.open()
        scans = count(server, "scan")

        async def hear(_: Heard) -> None: ...

        sending = asyncio.create_task(line.send(planned.plan, hear, asyncio.Event()))
        await asyncio.to_thread(wait_until, lambda: count(server, "scan") > scans, "a first look")
        server.say("ACL", "SETUSER", "flusher", "-scan")
        try:
            told = await sending
        finally:
            server.say(*FLUSHER)
            await line.close()
    assert told.state is State.UNKNOWN
    assert "grant +scan" in told.said
    assert f"{5_000 - keys(server)['db0']:,} of about 5,000 were deleted" in told.said


async def test_a_primary_that_becomes_a_replica_on_the_way_ends_it(server: RedisServer, tmp_path: Path) -> None:
    server.say("FLUSHALL")
    fill(server.port, {"session:": MANY})
    async with of(server, tmp_path) as stage:
        operation = await begun(stage, "prefix:0:session:")
        server.say("REPLICAOF", "127.0.0.1", "1")  # where nobody is: what it has it keeps
        try:
            ended = await stage.person.end(operation)
        finally:
            server.say("REPLICAOF", "NO", "ONE")
    assert ended.state == "failed"
    assert "alone is no primary any more" in ended.lines[0]
    assert 0 < keys(server)["db0"] < MANY


async def test_what_is_left_is_counted_and_of_a_large_database_it_is_said_how_many_at_least(
    server: RedisServer, tmp_path: Path
) -> None:
    server.say("FLUSHALL")
    fill(server.port, {"session:": 6_000, "cart:": 2_000})
    async with of(server, tmp_path) as stage:
        cache = stage.hands.cache("alone")
        whole = await left(cache, "0", "session:")
        delete_first(server.port, "session:", 5_000)
        part = await left(cache, "0", "session:", looks=20)
        other, none = await left(cache, "0", "order:"), await left(cache, "0", "order:", looks=2)
    assert str(whole) == "About 6,000 keys of that prefix are left"
    assert re.fullmatch("At least [0-9]{3} keys of that prefix are left", str(part)), "where SCAN begins there are none"
    assert part.looked > part.begin > 100
    assert str(other) == "About 0 keys of that prefix are left"
    assert "keys that were looked at begins with it, and others may" in str(none)

