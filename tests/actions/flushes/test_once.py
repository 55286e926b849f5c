"""A flush is executed exactly once or not at all, and only where it was asked for: the servers' statistics prove it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from collectors.errors import CannotCollect, Trouble
from console.actions.check import Verdict
from tests.actions.flushes.servers import NAMES, SHARDS, calls, fill_shard, gained, keys, ports_of
from tests.actions.flushes.stage import FLUSHER, PLAIN, fill, listed, origin, shard, staged, target
from tests.rig.certificates import certificates
from tests.rig.cutting import Cut, cutting
from tests.rig.redis_pair import Copy, RedisServer, redis_copies, redis_server
from tests.rig.terminal import wait_until

PAIR = [shard(1, "sessions-001", "sessions-002")]
READER = "user reader on >reads ~* -@all +info +scan +ttl +type +select +dbsize"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RedisServer, Copy]]:
    with redis_copies(tmp_path_factory.mktemp("pair"), 1, "--maxmemory-policy", "allkeys-lru") as (primary, (copy,)):
        for server in (primary, copy.server):
            server.say(*FLUSHER)
        yield primary, copy


async def test_of_a_pair_one_database_is_flushed_once_and_its_replica_follows(
    pair: tuple[RedisServer, Copy], tmp_path: Path
) -> None:
    primary, copy = pair
    primary.say("FLUSHALL")
    fill(primary.port, {"session:": 300})
    fill(primary.port, {"cart:": 40}, database=3)
    before = calls(primary)
    ports = {"sessions-001": primary.port, "sessions-002": copy.server.port}
    async with staged(tmp_path, ports, listed(PAIR)) as stage:
        done = await stage.person.flush("flush.database", target("sessions-001", "database:0"))
    assert done.state == "done", (done.lines, [(c.name, c.lines()) for c in done.checks])
    assert gained(before, primary) == [(1, 0)]
    assert keys(primary) == {"db3": 40}
    wait_until(lambda: keys(copy.server) == {"db3": 40}, "the replica")
    assert done.lines[0] == "It is done: executed once on 1 primary; 300 keys before, 0 now."
    assert stage.ground.told == ["CONFIRM", "INTENT", "SENT", "ACCEPTED", "DONE"]
    assert "database 0 of sessions: 300 keys on 1 primary (sessions-001)" in done.sentence
    assert "flusher at 127.0.0.1" in done.credentials


async def test_of_a_cluster_each_shard_is_flushed_once(cluster: tuple[RedisServer, ...], tmp_path: Path) -> None:
    for number, server in enumerate(cluster):
        server.say("FLUSHALL")
        fill_shard(cluster, number, 20)
    before = calls(*cluster)
    async with staged(tmp_path, ports_of(cluster), listed(SHARDS)) as stage:
        done = await stage.person.flush("flush.all", target(NAMES[1], "all"))
    assert done.state == "done", (done.lines, [(c.name, c.lines()) for c in done.checks])
    assert gained(before, *cluster) == [(0, 1)] * 3
    assert [keys(server) for server in cluster] == [{}] * 3
    assert [check.name for check in done.checks if check.verdict is not Verdict.PASS] == []
    assert "executed once on each of 3 primaries; 60 keys before, 0 now" in done.lines[0]


async def test_another_database_than_the_first_is_flushed_alone(pair: tuple[RedisServer, Copy], tmp_path: Path) -> None:
    primary, copy = pair
    primary.say("FLUSHALL")
    for database in (0, 3, 5):
        fill(primary.port, {"session:": 30}, database=database)
    ports = {"sessions-001": primary.port, "sessions-002": copy.server.port}
    async with staged(tmp_path, ports, listed(PAIR)) as stage:
        done = await stage.person.flush("flush.database", target("sessions-001", "database:3"))
    assert done.state == "done", done.lines
    assert keys(primary) == {"db0": 30, "db5": 30}


@pytest.mark.parametrize(("cut", "executed"), [(Cut.BEFORE, 0), (Cut.AFTER, 1)])
async def test_a_connection_that_is_lost_at_the_command_is_proved_by_the_statistics_and_nothing_is_sent_again(
    pair: tuple[RedisServer, Copy], tmp_path: Path, cut: Cut, executed: int
) -> None:
    primary, copy = pair
    fill(primary.port, {"session:": 100})
    before = calls(primary)
    async with cutting(primary.port) as line:
        ports = {"sessions-001": line.port, "sessions-002": copy.server.port}
        async with staged(tmp_path, ports, listed(PAIR)) as stage:
            planned = await stage.person.plan("flush.database", target("sessions-001", "database:0"))
            line.arm(b"FLUSHDB", cut)
            stage.person.confirm(planned)
            ended = await stage.person.lost(planned)
    assert line.cut is Cut.NEVER
    assert gained(before, primary) == [(executed, 0)]
    assert stage.ground.told[:4] == ["CONFIRM", "INTENT", "SENT", "UNKNOWN"]
    if executed:
        assert (ended.state, keys(primary).get("db0", 0)) == ("done", 0)
        assert "executed once on 1 primary; 100 keys before, 0 now" in ended.lines[0]
    else:
        assert (ended.state, keys(primary)["db0"]) == ("failed", 100)
        assert "did not arrive" in ended.lines[0]


@pytest.mark.parametrize("at", [b"AUTH", b"commandstats", b"SELECT"])
async def test_a_connection_that_is_lost_before_the_command_sends_nothing(
    pair: tuple[RedisServer, Copy], tmp_path: Path, at: bytes
) -> None:
    primary, copy = pair
    fill(primary.port, {"session:": 10}, database=2)
    before = calls(primary)
    async with cutting(primary.port) as line:
        ports = {"sessions-001": line.port, "sessions-002": copy.server.port}
        async with staged(tmp_path, ports, listed(PAIR)) as stage:
            planned = await stage.person.plan("flush.database", target("sessions-001", "database:2"))
            entry = await stage.person.crafts["flush.database"].line(planned.plan, stage.ground.keys)  # type: ignore[attr-defined]
            line.arm(at, Cut.BEFORE)
            with pytest.raises(CannotCollect):
                await entry.open()
            await entry.close()
    assert line.cut is Cut.NEVER
    assert gained(before, primary) == [(0, 0)]
    assert keys(primary)["db2"] == 10
    primary.say("FLUSHALL")


async def test_of_a_cluster_that_loses_a_shard_on_the_way_each_shard_is_told_of(
    cluster: tuple[RedisServer, ...], tmp_path: Path
) -> None:
    for number in range(3):
        fill_shard(cluster, number, 10)
    before = calls(*cluster)
    async with cutting(cluster[1].port) as line:
        ports = ports_of(cluster) | {NAMES[1]: line.port}
        async with staged(tmp_path, ports, listed(SHARDS)) as stage:
            planned = await stage.person.plan("flush.database", target(NAMES[0], "database:0"))
            line.arm(b"FLUSHDB", Cut.BEFORE)
            stage.person.confirm(planned)
            ended = await stage.person.lost(planned)
    assert gained(before, *cluster) == [(1, 0), (0, 0), (0, 0)]
    assert ended.state == "failed"
    assert "Only a part was flushed" in ended.lines[0]
    assert "sessions-0001-001: executed once" in ended.lines[0]
    assert "sessions-0003-001: not executed" in ended.lines[0]


@pytest.mark.parametrize(("refusing", "state"), [(0, "rejected"), (2, "failed")])
async def test_whoever_may_not_flush_one_shard_is_told_which_and_what_is_done(
    cluster: tuple[RedisServer, ...], tmp_path: Path, refusing: int, state: str
) -> None:
    for server in cluster:
        server.say("FLUSHALL")
    for number in range(3):
        fill_shard(cluster, number, 10)
    before = calls(*cluster)
    cluster[refusing].say("ACL", "SETUSER", "flusher", "-flushdb")
    try:
        async with staged(tmp_path, ports_of(cluster), listed(SHARDS)) as stage:
            planned = await stage.person.plan("flush.database", target(NAMES[0], "database:0"))
            stage.person.confirm(planned)
            ended = await (stage.person.lost(planned) if refusing else stage.person.end(planned))
    finally:
        cluster[refusing].say("ACL", "SETUSER", "flusher", "+flushdb")
    assert gained(before, *cluster) == [(int(n < refusing), 0) for n in range(3)]
    assert ended.state == state
    said = next(data["said"] for event, data in stage.ground.records if event in ("REJECTED", "UNKNOWN"))
    assert "may not" in said
    assert "grant +flushdb" in said
    assert ("Nothing was flushed" in said) is (refusing == 0)
    assert ("Flushed: sessions-0001-001, sessions-0002-001." in said) is (refusing == 2)


async def test_of_a_replica_nothing_is_flushed_and_its_primary_is_named(
    pair: tuple[RedisServer, Copy], tmp_path: Path
) -> None:
    primary, copy = pair
    before = calls(primary, copy.server)
    async with staged(
        tmp_path, {"sessions-001": primary.port, "sessions-002": copy.server.port}, listed(PAIR)
    ) as stage:
        refused = await stage.person.plan("flush.all", target("sessions-002", "all"))
    assert refused.state == "refused"
    assert refused.lines == (
        "sessions-002 is no primary: it takes no flush.",
        "it is a replica",
        "Choose sessions-001, the primary of its shard.",
    )
    assert gained(before, primary, copy.server) == [(0, 0), (0, 0)]


async def test_a_store_is_flushed_by_nobody_who_does_not_say_how_many_keys_it_has(
    pair: tuple[RedisServer, Copy], tmp_path: Path
) -> None:
    primary, copy = pair
    primary.say("FLUSHALL")
    fill(primary.port, {"order:": 1_203}, ttl=None)
    before = calls(primary)
    async with staged(
        tmp_path, {"sessions-001": primary.port, "sessions-002": copy.server.port}, listed(PAIR)
    ) as stage:
        planned = await stage.person.plan("flush.database", target("sessions-001", "database:0"))
        store = next(check for check in planned.checks if check.name == "store")
        assert "100% of 1,0" in store.seen
        for reason in ("it is an exercise", "all 12 of them are old"):
            with pytest.raises(Trouble, match="looks like a store"):
                stage.person.confirm(planned, reason)
        stage.person.confirm(planned, "all 1,203 of them are of the old release")
        ended = await stage.person.end(planned)
    assert ended.state == "done", ended.lines
    assert gained(before, primary) == [(1, 0)]


async def test_an_origin_without_head_room_refuses_it_with_the_numbers_and_a_reason_gets_past_that(
    pair: tuple[RedisServer, Copy], tmp_path: Path
) -> None:
    primary, copy = pair
    primary.say("FLUSHALL")
    fill(primary.port, {"session:": 30})
    busy = origin(datetime.now(UTC), 71.0)
    ports = {"sessions-001": primary.port, "sessions-002": copy.server.port}
    async with staged(tmp_path, ports, listed(PAIR), inside=busy) as stage:
        planned = await stage.person.plan("flush.database", target("sessions-001", "database:0"))
        assert planned.state == "planned"
        with pytest.raises(Trouble, match=r"no head-room: 71 %") as told:
            stage.person.confirm(planned, over=())
        assert "orders-primary: CPU 71 %" in told.value.seen
        assert "operations/s" in told.value.seen
        stage.person.confirm(planned, "the old release poisons it", over=("head-room",))
        assert (await stage.person.end(planned)).state == "done"


async def test_whoever_flushed_meanwhile_voids_the_plan(pair: tuple[RedisServer, Copy], tmp_path: Path) -> None:
    primary, copy = pair
    primary.say("FLUSHALL")
    fill(primary.port, {"session:": 50})
    ports = {"sessions-001": primary.port, "sessions-002": copy.server.port}
    async with staged(tmp_path, ports, listed(PAIR)) as stage:
        planned = await stage.person.plan("flush.database", target("sessions-001", "database:0"))
        primary.say("FLUSHDB")
        fill(primary.port, {"session:": 50})
        stage.person.confirm(planned)
        ended = await stage.person.end(planned)
    assert ended.state == "refused"
    assert "0001 FLUSHDB was" in ended.lines[1]
    assert keys(primary)["db0"] == 50


async def test_a_node_that_changed_hands_between_the_look_and_the_command_is_not_flushed(
    pair: tuple[RedisServer, Copy], tmp_path: Path
) -> None:
    """The name leads elsewhere by then: on the connection itself another run id answers."""
    primary, copy = pair
    with_other = {"sessions-001": copy.server.port, "sessions-002": copy.server.port}
    before = calls(primary, copy.server)
    async with staged(
        tmp_path, {"sessions-001": primary.port, "sessions-002": copy.server.port}, listed(PAIR)
    ) as stage:
        fill(primary.port, {"session:": 10})
        planned = await stage.person.plan("flush.database", target("sessions-001", "database:0"))
    async with staged(tmp_path, with_other, listed(PAIR)) as stage:
        craft = stage.person.crafts["flush.database"]
        entry = await craft.line(planned.plan, stage.ground.keys)  # type: ignore[attr-defined]
        with pytest.raises(Trouble) as told:
            await entry.open()
        await entry.close()
    assert "another server than in the plan" in told.value.seen
    assert gained(before, primary, copy.server) == [(0, 0), (0, 0)]


async def test_a_command_that_was_renamed_away_is_a_clear_line(tmp_path: Path) -> None:
    with redis_server(
        tmp_path / "renamed", "--rename-command", "FLUSHALL", "", "--maxmemory-policy", "allkeys-lru"
    ) as it:
        it.say(*FLUSHER[:-2])
        fill(it.port, {"session:": 10})
        async with staged(tmp_path, {"alone": it.port}, listed([])) as stage:
            ended = await stage.person.flush("flush.all", target("alone", "all"))
    assert ended.state == "rejected"
    assert "alone knows no FLUSHALL ASYNC" in ended.lines[0]
    assert "Nothing was flushed" in ended.lines[0]


async def test_over_tls_and_by_acl_users_of_its_own(tmp_path: Path) -> None:
    made = certificates(tmp_path)
    key, policy = ("--tls-key-file", str(made.good.key)), ("--maxmemory-policy", "volatile-lru")
    others = ("--tls-ca-cert-file", str(made.authority), "--tls-auth-clients", "no")
    words = ("--tls-cert-file", str(made.good.chain), *key, *others, *policy)
    login = replace(PLAIN, kept="env:READ", user="reader", tls=True, ca_file=str(made.authority))
    users = tmp_path / "users.acl"
    users.write_text(f"user default on >boss ~* +@all\n{' '.join(('user', *FLUSHER[2:]))}\n{READER}\n")
    with redis_server(tmp_path / "tls", *words, "--aclfile", str(users), tls=True) as it:
        client = redis.Redis(port=it.port, password="boss", ssl=True, ssl_ca_certs=str(made.authority))  # noqa: S106
        client.set("session:1", "x", ex=600)
        async with staged(tmp_path, {"alone": it.port}, listed([]), login=login, host="localhost") as stage:
            ended = await stage.person.flush("flush.database", target("alone", "database:0"))
        assert ended.state == "done", ended.lines
        assert client.dbsize() == 0
        client.close()
