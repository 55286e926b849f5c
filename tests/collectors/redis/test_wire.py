from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.database.credentials import Credentials
from collectors.database.kept import NoSecret
from collectors.database.key import LOOK_AGAIN_S
from collectors.errors import CannotCollect, Denied, Expired
from collectors.redis.replica_lag import ASKED
from collectors.redis.wire.caches import Login
from collectors.redis.wire.connection import Connection
from collectors.redis.wire.target import Target
from collectors.redis.wire.wired import WiredCache
from collectors.threads import Threads
from tests.collectors.redis.looking import Looking, looking
from tests.rig.certificates import Certificates, certificates
from tests.rig.redis_pair import RedisServer, redis_server
from tests.rig.terminal import wait_until

PASSWORD = "not a secret, {really"  # noqa: S105
PLAIN = Login(kept="env:CACHE", tls=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis"), password=PASSWORD) as made:
        yield made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("certificates"))


async def trouble(made: Looking) -> CannotCollect:
    found = (await made.look())["it"].trouble
    assert found is not None
    assert PASSWORD not in found.line()
    return found


async def role(made: Looking) -> str:
    found = (await made.look())["it"]
    assert found.trouble is None, found.trouble.line()
    assert found.replication is not None
    return found.replication.role


async def test_one_named_connection_is_kept_and_replaced_when_it_is_lost(server: RedisServer) -> None:
    async with looking({"it": server.port}, PLAIN, environment={"CACHE": PASSWORD}) as made:
        for _ in range(3):
            assert await role(made) == "primary"
        assert len(ours(server)) == 1
        server.say("CLIENT", "KILL", "ID", ours(server)[0]["id"])
        assert "broke" in (await trouble(made)).what
        assert await role(made) == "primary"
        load = made.caches.loads[next(iter(made.caches.loads))]
        (spent,) = load.questions
        assert (spent.question, load.connections, load.most_connections) == ("replica-lag", 1, 1)
        assert sum(minute.statements for minute in spent.minutes) == 5
        assert "not encrypted" in load.warning
    wait_until(lambda: not ours(server), "the end of our connection")


async def test_a_connection_that_is_closed_is_not_made_anew_behind_ones_back(server: RedisServer) -> None:
    """What is sent on another one than was proved would be of another database, or of another node."""
    connection = await Connection.open(
        Target("127.0.0.1", server.port, tls=False), Credentials("", PASSWORD), Threads(), name="dbconsole-op"
    )
    assert "dbconsole-op" in [each["name"] for each in server.say("CLIENT LIST")]
    answers = await connection.each([("SET", "a", b"\xff"), ("GET", "a"), ("LPUSH", "a", "x"), ("PING",)])
    assert [answers[0], answers[1], answers[3]] == [b"OK", b"\xff", b"PONG"]
    assert isinstance(answers[2], Exception)  # an answer like the others: those behind it are read
    await connection.close()
    with pytest.raises(OSError, match="closed"):
        await connection.each([("FLUSHALL",)])
    assert server.say("EXISTS", "a") == 1
    server.say("DEL", "a")


def ours(server: RedisServer) -> list[dict[str, str]]:
    return [each for each in server.say("CLIENT LIST") if each["name"] == "dbconsole"]


async def test_a_wrong_password_is_tried_once_until_the_secret_says_another(server: RedisServer) -> None:
    environment, now = {"CACHE": "wrong"}, [0.0]
    server.say("ACL", "LOG", "RESET")
    async with looking({"it": server.port}, PLAIN, environment=environment, clock=lambda: now[0]) as made:
        for _ in range(4):
            now[0] += 5
            found = await trouble(made)
            assert isinstance(found, Expired)
            assert "refuses the login" in found.what
        assert refused(server) == 1
        now[0] += LOOK_AGAIN_S
        await trouble(made)
        assert refused(server) == 1  # the secret is what it was
        environment["CACHE"] = PASSWORD
        now[0] += LOOK_AGAIN_S
        assert await role(made) == "primary"


async def test_a_secret_that_was_rotated_is_read_again_once(server: RedisServer) -> None:
    environment = {"CACHE": "before"}

    class Rotating(dict[str, str]):
        """As a secret that is changed between two reads of it."""

        reads = 0

        def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
            self.reads += 1
            return "before" if self.reads == 1 else PASSWORD

    server.say("ACL", "LOG", "RESET")
    secret = Rotating(environment)
    async with looking({"it": server.port}, PLAIN, environment=secret) as made:
        assert await role(made) == "primary"
    assert (secret.reads, refused(server)) == (2, 1)


def refused(server: RedisServer) -> int:
    return sum(int(each["count"]) for each in server.say("ACL", "LOG"))


async def test_no_login_where_one_is_wanted_and_one_where_none_is(server: RedisServer, tmp_path: Path) -> None:
    async with looking({"it": server.port}, Login(tls=False)) as made:
        assert "wants a password" in (await trouble(made)).what
    with redis_server(tmp_path) as open_to_all:
        async with looking({"it": open_to_all.port}, Login(tls=False)) as made:
            assert await role(made) == "primary"
        async with looking({"it": open_to_all.port}, PLAIN, environment={"CACHE": PASSWORD}) as made:
            assert "has no password, and was given one" in (await trouble(made)).what


async def test_a_user_that_may_not_ask_is_told_the_grant_and_one_that_may_ask_that_alone_is_enough(
    server: RedisServer,
) -> None:
    server.say("ACL", "SETUSER", "watcher", "on", f">{PASSWORD}", "-@all", "+ping")
    login = Login(kept="env:CACHE", user="watcher", tls=False)
    async with looking({"it": server.port}, login, environment={"CACHE": PASSWORD}) as made:
        found = await trouble(made)
        assert isinstance(found, Denied)
        assert found.grant == "+info"
        assert "ACL SETUSER watcher +info" in found.mend
        told = made.seen["it"].replication
        assert told is not None
        assert told.notes == ("+info is missing",)
        server.say("ACL", "SETUSER", "watcher", "-ping", "+info")
        assert await role(made) == "primary"
        server.say("ACL", "SETUSER", "watcher", "-info")
        await trouble(made)
        assert made.seen["it"].replication is not None
        assert made.seen["it"].replication.role == "primary"  # as it was known


async def test_nobody_listens_there(server: RedisServer, tmp_path: Path) -> None:
    with redis_server(tmp_path) as gone:
        pass
    async with looking({"it": gone.port}, Login(tls=False)) as made:
        assert "refuses connections" in (await trouble(made)).what


async def test_tls_is_verified_by_default(made: Certificates, tmp_path: Path) -> None:
    words = ("--tls-cert-file", str(made.good.chain), "--tls-key-file", str(made.good.key), "--tls-auth-clients", "no")
    with redis_server(tmp_path, *words, tls=True) as server:
        ports, trusting = {"it": server.port}, Login(ca_file=str(made.authority))
        async with looking(ports, trusting, host="localhost") as one:
            assert await role(one) == "primary"
            load = next(iter(one.caches.loads.values()))
            assert load.warning == ""
        async with looking(ports, Login(), host="localhost") as one:
            assert "is not trusted here" in (await trouble(one)).what
        async with looking(ports, trusting, host="127.0.0.2") as one:
            assert "for another name" in (await trouble(one)).what or "refuses" in (await trouble(one)).what
        async with looking(ports, Login(tls=False)) as one:
            await trouble(one)
        async with looking(ports, Login(ca_file=str(tmp_path / "none"))) as one:
            assert "cannot be read" in (await trouble(one)).what


async def test_a_certificate_for_another_name_is_not_taken(made: Certificates, tmp_path: Path) -> None:
    bad = made.wrong_host
    words = ("--tls-cert-file", str(bad.chain), "--tls-key-file", str(bad.key), "--tls-auth-clients", "no")
    with redis_server(tmp_path, *words, tls=True) as server:
        async with looking({"it": server.port}, Login(ca_file=str(made.authority)), host="localhost") as one:
            assert "for another name" in (await trouble(one)).what


async def test_tls_to_a_server_that_speaks_none_says_so(server: RedisServer) -> None:
    cache = WiredCache(Target("127.0.0.1", server.port, login_s=0.5), NoSecret(), Threads(), time.monotonic)
    with pytest.raises(CannotCollect) as raised:
        await cache.ask(ASKED)
    assert "lets nobody in" in raised.value.what  # it waits for the rest of what it does not understand
    assert "`tls = false`" in raised.value.mend


async def test_an_answer_that_never_ends_is_given_up_at_the_questions_deadline() -> None:
    """Each byte comes in time, and all of them never do."""

    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.readuntil(b"dbconsole\r\n")
            writer.write(b"+OK\r\n$1000\r\n")
            while not reader.at_eof():
                writer.write(b"x")
                await writer.drain()
                with suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(100), 0.02)
        writer.close()
        ended.set()

    ended = asyncio.Event()
    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    async with server:
        target = Target("127.0.0.1", server.sockets[0].getsockname()[1], tls=False, login_s=1000)
        cache = WiredCache(target, NoSecret(), Threads(), time.monotonic)
        async with asyncio.timeout(30):  # else it would go on for as long as the server does
            with pytest.raises(CannotCollect, match=r"did not answer within 0\.3 s"):
                await cache.ask(replace(ASKED, within=timedelta(seconds=0.3)))
        assert cache.load.connections == 0
        await ended.wait()


async def test_without_redis_py_one_line_says_what_to_install(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    async with looking({"it": server.port}, Login(tls=False)) as made:
        found = await trouble(made)
        assert found.mend == "Run `pip install 'dbconsole[redis]'`."
