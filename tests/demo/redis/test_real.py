"""The demo's caches as real redis-servers: loaded, fed, flushed, and gone with whoever started them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from redis.exceptions import NoPermissionError, ReadOnlyError

from collectors.clock import SteppedClock
from collectors.errors import Denied
from collectors.redis.asking import Question
from collectors.redis.replica_lag import ASKED
from collectors.redis.wire.connection import Connection
from collectors.threads import Threads
from console.demo import databases, lifecycle
from console.demo.flushes import Flush
from console.demo.hands import DemoHands
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.redis.hundredth import SCALE, Population
from console.demo.redis.keys import END, FAMILIES
from console.demo.redis.real import FEEDER, PROGRAM
from console.demo.redis.users import DEFAULT, READER
from console.demo.redis.wired import RealCaches
from console.demo.scenario.load import load
from console.demo.turns import Turn
from console.engine.core import Core, Identity
from console.specs import Play
from profiles.model import Profile
from tests.demo.played import NOON
from tests.demo.redis.real_servers import Real, real
from tests.demo.redis.serving import PRIMARY, REPLICA
from tests.rig.dbconsole import ROOT
from tests.rig.needs import need
from tests.rig.terminal import wait_until

SESSIONS, CARTS, _, THROTTLE = FAMILIES
EVERY_S = 0.02
LONGEST_S = 10.0
STATS = Question("cache", sections=("server", "memory", "stats", "replication", "commandstats"))
SIZE = Question("cache", commands=(("DBSIZE",),))
BEGIN = """
import asyncio
from datetime import datetime, UTC
from console.demo.played import model_of
from console.demo.redis.wired import RealCaches
from console.demo.reporting import Reports
async def main():
    now = lambda: datetime.now(UTC)
    model = model_of("resilient-database", seed=1, size=12, start=now())
    caches = RealCaches(model, now, Reports(model, None, now))
    trouble = await caches.begin()
    print(*(each.pid for each in caches.real.values()), trouble or "", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(LONGEST_S):
        while True:
            if await holds():
                return
            await asyncio.sleep(EVERY_S)


async def until_loaded(play: Real) -> int:
    """So many keys of database 0 there are then, in both nodes."""
    wanted = sum(len(numbers) for family, numbers in Population.of(play.model.items(PRIMARY, play.t)).parts
                 if family.database == 0)  # fmt: skip

    async def is_loaded() -> bool:
        there = [(await play.sizes(about)).get(0, 0) for about in (PRIMARY, REPLICA)]
        return min(there) > 0.98 * wanted

    await until(is_loaded)
    return wanted


async def told(play: Real, count: int = 1) -> Flush:
    """The last, once there are so many."""

    async def are_told() -> bool:
        return len(play.model.flushes.all) >= count

    await until(are_told)
    assert len(play.model.flushes.all) == count
    return play.model.flushes.all[-1]


async def test_they_hold_a_hundredth_of_the_keys_and_are_asked_over_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    async with real(monkeypatch) as play:
        keys = await until_loaded(play)
        whole = play.model.items(PRIMARY, play.t)
        assert keys == pytest.approx(whole * 49 / 50 / SCALE, rel=0.01)
        primary, replica = (play.caches.of(each) for each in (PRIMARY, REPLICA))
        said, copied = await primary.ask(STATS), await replica.ask(STATS)
        async with play.client() as client:
            assert said["run_id"] == (await client.info("server"))["run_id"]
            assert await client.ttl("session:0") <= 1800
            assert await client.type("cart:700") == "hash"
        assert (said["role"], copied["role"]) == ("master", "slave")
        assert said["maxmemory_policy"] == "allkeys-lru"
        part = int(said["used_memory"]) / int(said["maxmemory"])
        assert part == pytest.approx(
            (play.model.metrics(PRIMARY, play.t)["DatabaseMemoryUsagePercentage"] or 0) / 100, abs=0.1
        )
        assert await primary.read(SIZE) == ((await play.sizes())[0],)
        assert {each.driver for each in play.caches.loads.values()} == {"redis-py"}
        assert play.caches.whose("127.0.0.1", play.caches.port(REPLICA)) == REPLICA
        assert "master_host" in await replica.ask(ASKED)  # of the model: how far one is behind is played


async def test_each_user_may_do_what_the_small_server_lets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with real(monkeypatch) as play:
        async with play.client(user=DEFAULT) as anybody, play.client(user=READER) as reader, play.client() as flusher:
            assert await anybody.set("mine", "x") is True
            assert await reader.execute_command("CLIENT", "LIST")
            assert await flusher.unlink("mine") == 1
            for client, words in (
                (anybody, ("FLUSHALL",)), (flusher, ("KEYS", "*")), (anybody, ("SHUTDOWN", "NOSAVE")),
                (anybody, ("CONFIG", "SET", "dir", "/")),
                (anybody, ("REPLICAOF", "NO", "ONE")), (anybody, ("ACL", "LIST")),
                (reader, ("GET", "session:0")), (reader, ("UNLINK", "session:0")), (reader, ("FLUSHDB",)),
                (flusher, ("CONFIG", "SET", "maxmemory", "1")), (flusher, ("SET", "mine", "x")),
            ):  # fmt: skip
                with pytest.raises(NoPermissionError):
                    await client.execute_command(*words)
        async with play.client(REPLICA, user=DEFAULT) as follower:
            with pytest.raises(ReadOnlyError):
                await follower.set("mine", "x")


async def test_after_a_flush_its_hit_rate_falls_and_recovers_as_the_model_s(monkeypatch: pytest.MonkeyPatch) -> None:
    async with real(monkeypatch, speed=30) as play:
        keys = await until_loaded(play)
        way = DemoHands(play.caches, None, None).way_to_cache(PRIMARY)  # type: ignore[arg-type]
        connection = await Connection.open(way.target, await way.log_in(None), Threads())  # type: ignore[arg-type]
        before = await play.hits()
        assert await connection.do([("FLUSHALL", "ASYNC")]) == ("OK",)
        await connection.close()
        flush = await told(play)
        assert (flush.about, flush.operation, flush.calls) == (PRIMARY, "FLUSHALL", 1)
        assert flush.runs == ((0, THROTTLE.first), (THROTTLE.first, END))
        usual = before[0] / sum(before)
        while (gone := play.model.gone(PRIMARY, play.t)) > 0.6:
            there = (await play.sizes()).get(0, 0) / keys
            assert there == pytest.approx(1 - gone, abs=0.3)
            await asyncio.sleep(EVERY_S)
        middle = await play.hits()
        assert usual > 0.9
        assert (middle[0] - before[0]) / (sum(middle) - sum(before)) < 0.5

        async def is_back() -> bool:
            return (await play.sizes())[0] > 0.6 * keys

        await until(is_back)
        assert play.model.gone(PRIMARY, play.t) < 0.4 + 0.15  # not sooner; how much later is this machine's


async def test_what_is_flushed_is_told_as_what_it_is_and_what_another_console_flushes_goes_here_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with real(monkeypatch) as play:
        keys = await until_loaded(play)
        async with play.client() as client:
            await client.select(1)
            await client.flushdb(asynchronous=True)
            assert (flush := await told(play)).operation == "FLUSHDB"
            assert flush.runs == ((THROTTLE.first, END),)
            await client.select(0)
            names = [f"cart:{number}" for number in range(0, CARTS.count(play.model.items(PRIMARY, play.t)), SCALE)]
            await client.unlink(*names[:1000])
            await client.unlink(*names[1000:1100])
        flush = await told(play, 2)
        assert (flush.operation, flush.calls) == ("UNLINK", 2)
        gone = sum(end - first for first, end in flush.runs)
        assert gone == pytest.approx(1100 * SCALE, rel=0.05)
        assert CARTS.first <= flush.runs[-1][0] < flush.runs[-1][1] <= CARTS.first + 1100 * SCALE
        before = await play.caches.of(PRIMARY).ask(STATS)
        elsewhere = Flush("elsewhere", play.t, PRIMARY, "FLUSHDB", runs=((SESSIONS.first, SESSIONS.end),))
        play.model.learn([elsewhere])

        async def is_gone() -> bool:
            return (await play.sizes())[0] < 0.4 * keys

        await until(is_gone)
        after = await play.caches.of(PRIMARY).ask(STATS)
        assert all(before.get(name) == after.get(name) for name in ("cmdstat_unlink", "cmdstat_flushdb"))
        assert play.model.flushes.all[2:] == [elsewhere]


async def test_roles_turn_with_the_play_and_clients_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async with AsyncExitStack() as stack:
        play = await stack.enter_async_context(real(monkeypatch, speed=60))
        password = play.caches._passwords[FEEDER]
        feeder = await stack.enter_async_context(play.client(user=FEEDER, password=password))

        async def is_looked_at() -> bool:
            return bool((await feeder.info("commandstats")).get("cmdstat_get", {}).get("calls", 0) > 1000)

        await until(is_looked_at)
        await feeder.flushall()
        await told(play)
        await feeder.config_resetstat()
        await until(is_looked_at)  # by now the copy has counted one more
        course = lifecycle.cache_failover(play.model.as_at(PRIMARY, play.t), play.t, REPLICA)
        play.model.take([Turn(play.t, PRIMARY, "TestFailover", course, REPLICA)])

        async def is_turned() -> bool:
            roles = []
            for about in (PRIMARY, REPLICA):
                async with play.client(about) as client:
                    found = await client.info("replication")
                    roles.append((found["role"], found.get("master_link_status")))
            return roles == [("slave", "up"), ("master", None)]

        await until(is_turned)
        assert len(play.model.flushes.all) == 1
        async with play.client(REPLICA) as client:
            await client.flushall()
        flush = await told(play, 2)
        assert (flush.about, flush.operation, flush.calls) == (REPLICA, "FLUSHALL", 1)


async def test_a_store_keeps_its_keys_and_faults_are_met(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\nestate = "resilient-database"\n'
        '[[at]]\nseconds = 0\nresource = "sessions-001"\ncause = "cache-is-store"\n'
        '[[at]]\nseconds = 0\nresource = "sessions-001"\nset = { "redis.connected_slaves" = 12 }\n'
        '[[at]]\nseconds = 0\nresource = "sessions-002"\nfault = "access-denied"\n',
        encoding="utf-8",
    )
    script = load(str(path)).script(NOON.timestamp(), {machine.id: machine for machine in MACHINES})
    async with real(monkeypatch, model=Model(1, NOON.timestamp(), MACHINES, script)) as play:
        async with play.client() as client:

            async def is_there() -> bool:
                return bool(await client.exists("cart:0"))

            await until(is_there)
            assert [await client.ttl(name) for name in ("session:0", "cart:0")] == [-1, -1]
        said = await play.caches.of(PRIMARY).ask(STATS)
        assert (said["maxmemory_policy"], said["connected_slaves"]) == ("noeviction", "12")
        for asked in (play.caches.of(REPLICA).ask(STATS), play.caches.of(REPLICA).read(SIZE)):
            with pytest.raises(Denied):
                await asked


def test_whoever_is_killed_takes_them_along() -> None:
    need(PROGRAM)
    engine = subprocess.Popen([sys.executable, "-c", BEGIN], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with engine:
        assert engine.stdout is not None
        pids = [int(word) for word in engine.stdout.readline().split()]
        assert len(pids) == 2
        assert all(is_there(pid) for pid in pids)
        engine.send_signal(signal.SIGKILL)
    wait_until(lambda: not any(map(is_there, pids)), "the servers to be gone")


def is_there(pid: int) -> bool:
    """And is a redis-server."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == PROGRAM
    except OSError:
        return False


@pytest.mark.parametrize("beginning", [None, "#!/bin/sh\nexit 3\n", "#!/bin/sh\nexec sleep 60\n"])
async def test_without_them_the_caches_are_the_model_s(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, beginning: str | None
) -> None:
    if beginning is not None:
        (tmp_path / PROGRAM).write_text(beginning)
        (tmp_path / PROGRAM).chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join((os.fspath(tmp_path), "/bin")) if beginning else os.fspath(tmp_path))
    monkeypatch.setattr("console.demo.redis.real.READY_S", 0.2)
    found = await begun()
    assert found.capabilities in ((), ("tds",))
    assert "The demo's caches answer in process: " in found.notice
    assert "real redis-servers" not in found.notice
    assert {str(each.driver) for each in found.loads.values()} <= {"in process", ""}
    await found.end()


async def test_an_engine_says_that_they_are_real() -> None:
    need(PROGRAM)
    found = await begun()
    assert "redis" in found.capabilities
    assert "The demo's caches are real redis-servers, at 1:100." in found.notice
    caches = found._caches
    assert isinstance(caches, RealCaches)
    pids = [each.pid for each in caches.real.values()]
    assert all(is_there(pid) for pid in pids)
    await found.end()
    assert not any(is_there(pid) for pid in pids)


async def begun() -> databases.DemoDatabases:
    core = Core(Identity("demo", "demo"), SteppedClock(NOON))
    play = Play("resilient-database", 1, 12, NOON, 0.0, 1.0, wire=True)
    found = databases.DemoDatabases(core, play, Profile.model_validate({"name": "demo"}))
    await found.begin()
    return found
