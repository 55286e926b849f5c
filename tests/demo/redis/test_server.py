"""The demo's caches by Redis' own protocol: as redis-py and redis-cli meet them, and in the words of a real server."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from redis.exceptions import AuthenticationError, NoPermissionError, ReadOnlyError, ResponseError

from collectors.errors import CannotCollect
from collectors.redis.asking import Question
from console.demo.flushes import Flush
from console.demo.redis.keys import END
from console.demo.redis.users import FLUSHER, READER
from tests.demo.redis.serving import PRIMARY, REPLICA, serving
from tests.rig.needs import need
from tests.rig.redis_pair import PLACES


async def test_redis_py_finds_keys_their_types_and_how_long_they_live() -> None:
    async with serving() as play, play.client() as client:
        assert await client.ping() is True
        assert await client.dbsize() > 1_000_000
        after, some = await client.scan(0, count=500)
        assert int(after) == 500 == len(some)
        assert await client.exists(*some) == 500
        assert await client.type(some[0]) == "string"
        assert '"customer"' in await client.get(some[0])
        assert 0 < await client.ttl(some[0]) <= 1800
        assert 0 < await client.pttl(some[1]) <= 1_800_000
        assert await client.type("cart:7") == "hash"
        assert "lines" in await client.hgetall("cart:7")
        assert [await client.get(name) for name in ("session:x", "session:007", "nobody")] == [None] * 3
        assert (await client.ttl("nobody"), await client.type("nobody")) == (-2, "none")
        _, carts = await client.scan(4900, match="cart:*", count=490)
        assert carts == [f"cart:{n}" for n in range(1100, 1584)]  # so many of what is wanted
        with pytest.raises(ResponseError, match="WRONGTYPE"):
            await client.get("cart:7")


async def test_what_somebody_writes_by_hand_is_there_and_follows_to_the_replica() -> None:
    async with serving() as play, play.client() as client, play.client(REPLICA) as follower:
        assert await client.set("mine", "hello", ex=100) is True
        assert (await follower.get("mine"), await follower.ttl("mine")) == ("hello", 100)
        assert await client.set("mine", "again", nx=True) is None
        assert [await client.set(name, "x") for name in ("mine", "session:5")] == [True, True]
        assert await client.get("session:5") == "x"
        assert await client.delete("mine", "session:5", "session:6", "nobody", "session:6") == 3
        assert await client.exists("mine", "session:5", "session:6") == 0
        assert await follower.exists("session:5", "session:7") == 1
        assert await client.expire("session:7", 50) == 1
        assert await client.ttl("session:7") == 50
        with pytest.raises(ReadOnlyError):
            await follower.set("mine", "x")


async def test_what_is_deleted_is_told_to_the_play_together() -> None:
    async with serving() as play:
        async with play.client() as client:
            for first in (0, 100):
                assert await client.unlink(*(f"session:{n}" for n in range(first, first + 100))) == 100
            assert (await client.info("commandstats"))["cmdstat_unlink"]["calls"] == 2
        await play.caches.end()
        (told,) = play.model.flushes.all
        assert (told.operation, told.runs, told.calls) == ("UNLINK", ((0, 200),), 2)


async def test_who_may_flush_and_who_may_not() -> None:
    async with serving() as play:
        for user in ("default", READER):
            async with play.client(user=user) as client:
                for command in ("FLUSHDB", "FLUSHALL"):
                    with pytest.raises(
                        NoPermissionError, match=f"no permissions to run the '{command.lower()}' command"
                    ):
                        await client.execute_command(command)
        async with play.client(user=READER) as reader:
            assert await reader.dbsize() > 0
            with pytest.raises(NoPermissionError):
                await reader.get("session:1")
        assert not play.model.flushes.all
        async with play.client(REPLICA, user=FLUSHER) as follower:
            with pytest.raises(ReadOnlyError):
                await follower.flushall(asynchronous=True)
        assert not play.model.flushes.all
        async with play.client(user=FLUSHER) as client:
            with pytest.raises(NoPermissionError):
                await client.set("a", "b")
            with pytest.raises(ResponseError, match="syntax error"):
                await client.execute_command("FLUSHDB", "NOW")
            assert await client.flushall(asynchronous=True) is True
            assert (await client.info("commandstats"))["cmdstat_flushall"]["calls"] == 1
        assert [(each.operation, each.runs) for each in play.model.flushes.all] == [
            ("FLUSHALL", ((0, END - 64_000), (END - 64_000, END)))
        ]


async def test_a_flush_of_one_database_leaves_the_other_and_what_is_written_there() -> None:
    async with serving() as play, play.client() as client, play.client(user=FLUSHER) as flusher:
        await client.set("here", "1")
        await client.execute_command("SELECT", "1")
        await client.set("there", "1")
        before = await client.dbsize()
        await flusher.flushdb(asynchronous=True)
        assert await client.exists("there", "throttle:5") == 2
        assert await client.dbsize() == pytest.approx(before, rel=0.01)
        await client.execute_command("SELECT", "0")
        assert await client.get("here") is None
        assert await client.dbsize() < 50_000
        await client.execute_command("SELECT", "15")
        assert await client.dbsize() == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("NOSUCH a b", "-ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b' "),
        ("GET", "-ERR wrong number of arguments for 'get' command"),
        ("SELECT 77", "-ERR DB index is out of range"),
        ("SELECT x", "-ERR value is not an integer or out of range"),
        ("HELLO 4", "-NOPROTO unsupported protocol version"),
        ("HELLO x", "-ERR Protocol version is not an integer or out of range"),
        ("AUTH y", "-ERR AUTH <password> called without any password configured for the default user. "
         "Are you sure your configuration is correct?"),
        (f"AUTH {FLUSHER} y", "-WRONGPASS invalid username-password pair or user is disabled."),
        ("SCAN x", "-ERR invalid cursor"),
        ("SCAN 0 COUNT 0", "-ERR syntax error"),
        ("SCAN 0 FOO 1", "-ERR syntax error"),
        ("EXPIRE session:1 x", "-ERR value is not an integer or out of range"),
        ("SET a b EX 0", "-ERR invalid expire time in 'set' command"),
        ("SLOWLOG NOPE", "-ERR unknown subcommand 'NOPE'. Try SLOWLOG HELP."),
        ("CLUSTER INFO", "-ERR This instance has cluster support disabled"),
        ("ACL WHOAMI", "$7\r\ndefault"),
        ("PING", "+PONG"),
        ("COMMAND DOCS", "*0"),
    ],
)  # fmt: skip
async def test_each_answer_is_worded_as_redis_words_it(words: str, said: str) -> None:
    """As a server of 7.0 answered when it was asked the same."""
    async with serving() as play:
        assert await play.raw(f"{words}\r\n".encode()) == f"{said}\r\n".encode()


async def test_a_wrong_password_is_a_refusal_and_the_right_one_lets_in() -> None:
    async with serving() as play:
        async with play.client(user=FLUSHER) as client:
            assert await client.acl_whoami() == FLUSHER
            with pytest.raises(AuthenticationError):
                await client.execute_command("AUTH", FLUSHER, "wrong")
        hello = await play.raw(f"HELLO 2 AUTH {FLUSHER} {play.caches.password(FLUSHER)}\r\nACL WHOAMI\r\n".encode())
        assert hello.endswith(f"${len(FLUSHER)}\r\n{FLUSHER}\r\n".encode())


async def test_redis_cli_scans_a_prefix_and_reads_all_that_a_node_tells() -> None:
    need("redis-cli", PLACES)
    async with serving() as play:
        port = str(play.caches.port(PRIMARY))

        async def cli(*words: str) -> str:
            made = await asyncio.create_subprocess_exec(
                shutil.which("redis-cli") or "/usr/bin/redis-cli", "-p", port, *words, stdout=asyncio.subprocess.PIPE
            )
            return (await made.communicate())[0].decode()

        assert await cli("PING") == "PONG\n"
        info = await cli("INFO", "everything")
        for section in ("Server", "Clients", "Memory", "Stats", "Commandstats", "Latencystats", "Keyspace"):
            assert f"# {section}\r\n" in info
        assert "Commandstats" not in await cli("INFO")
        assert (await cli("CONFIG", "GET", "maxmemory*")).split()[2:] == ["maxmemory-policy", "allkeys-lru"]
        assert "name=shop-" in await cli("CLIENT", "LIST")
        assert (await cli("SLOWLOG", "GET", "3")).strip()
        assert (await cli("LATENCY", "LATEST")).startswith("command\n")
        assert "histogram_usec" in await cli("LATENCY", "HISTOGRAM", "get")
        await cli("SET", "mine:1", "x")
        assert await cli("-n", "0", "--scan", "--pattern", "mine:?") == "mine:1\n"


async def test_a_node_that_is_dark_answers_nobody(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    lines = 'name = "mine"\nestate = "resilient-database"\n[[at]]\nseconds = 0\nresource = "sessions-001"\n'
    path.write_text(lines + 'cause = "instance-gone"\n', encoding="utf-8")
    async with serving(str(path)) as play:
        play.began -= 200
        assert await play.raw(b"PING\r\n") == b""
        assert await play.raw(b"PING\r\n", REPLICA) == b"+PONG\r\n"


async def test_the_collectors_ask_the_same_in_process() -> None:
    async with serving() as play:
        cache = play.caches.of(PRIMARY)
        asked = Question(
            "x",
            commands=(
                ("SELECT", "1"),
                ("DBSIZE",),
                ("SCAN", "0", "COUNT", "5"),
                ("TYPE", "throttle:1"),
                ("SLOWLOG", "GET", "2"),
            ),
        )
        selected, size, scanned, kind, slow = await cache.read(asked)
        assert (selected, kind) == ("OK", "string")
        assert isinstance(size, int)
        assert 10_000 < size < 60_000
        assert isinstance(scanned, list)
        assert scanned[0] == "5"
        assert isinstance(slow, list)
        assert len(slow) == 2
        play.model.learn([Flush("a", play.t, PRIMARY, "FLUSHALL", runs=((0, END),))])
        (left,) = await cache.read(Question("x", commands=(("DBSIZE",),)))
        assert isinstance(left, int)
        assert left < 50_000
        assert (await cache.ask(Question("x")))["cmdstat_flushall"].startswith("calls=1,")
        with pytest.raises(ValueError, match="FLUSHALL"):
            await cache.read(Question("x", commands=(("FLUSHALL",),)))
        with pytest.raises(CannotCollect):
            await cache.read(Question("x", commands=(("CLUSTER", "NODES"),)))
