"""Knocking at real servers: PostgreSQL, MariaDB and Redis that freeze, forbid writing, and count who was there."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.knock import postgres as knock_at_postgres
from collectors.knock.knock import Door
from collectors.knock.mysql import MySqlKnocker
from collectors.knock.postgres import PostgresKnocker
from collectors.knock.redis import RedisKnocker
from collectors.mysql.wire import target as mysql_target
from collectors.postgres.asking import Question
from collectors.postgres.wire import target as postgres_target
from collectors.redis.wire import target as redis_target
from tests.collectors.knock.knocking import Given, now, threads, until_knocked
from tests.collectors.sqlserver.wire.asking import not_held_up, until
from tests.rig import mariadb, postgres
from tests.rig.certificates import certificates
from tests.rig.redis_pair import RedisServer, redis_server

PASSWORD = "only of this test"  # noqa: S105 - it opens nothing


@pytest.fixture(scope="module")
def pg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    with postgres.alone(certificates(tmp_path_factory.mktemp("certificates")).good) as server:
        yield server


@pytest.fixture(scope="module")
def maria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mariadb.Server]:
    with mariadb.secured(certificates(tmp_path_factory.mktemp("certificates")).good) as server:
        server.sql(f"CREATE USER ro@'%' IDENTIFIED BY '{PASSWORD}'", "SET GLOBAL max_connect_errors = 5")
        yield server


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path, password=PASSWORD) as server:
        yield server


def at_postgres(server: postgres.Server, **given: float) -> PostgresKnocker:
    target = postgres_target.Target("localhost", server.port, postgres_target.Encryption.TRUST)
    return PostgresKnocker(target, Given(postgres.MONITOR, postgres.PASSWORD), threads(), now, **given)


def at_maria(server: mariadb.Server, **given: float) -> MySqlKnocker:
    target = mysql_target.Target("localhost", server.port, mysql_target.Encryption.TRUST)
    return MySqlKnocker(target, Given("ro", PASSWORD), threads(), now, **given)


def at_redis(server: RedisServer, password: str = PASSWORD, **given: float) -> RedisKnocker:
    target = redis_target.Target("localhost", server.port, tls=False)
    return RedisKnocker(target, Given("default", password), threads(), now, **given)


def ours(server: postgres.Server) -> int:
    (row,) = server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'dbconsole'")
    return int(row[0])


async def test_a_postgresql_that_takes_no_writes_by_a_setting_is_read_only(pg: postgres.Server) -> None:
    knocker = at_postgres(pg)
    assert (await knocker.knock()).door is Door.OPEN, "what we tell our own session is not taken for the server's"
    pg.sql(f"ALTER ROLE {postgres.MONITOR} SET default_transaction_read_only = on")
    try:
        assert (await knocker.knock()).door is Door.READ_ONLY
    finally:
        pg.sql(f"ALTER ROLE {postgres.MONITOR} RESET default_transaction_read_only")
    assert (await knocker.knock()).door is Door.OPEN


async def test_a_postgresql_that_is_frozen_is_dark_in_time_and_open_as_soon_as_it_moves(pg: postgres.Server) -> None:
    assert pg._process is not None
    knocker = at_postgres(pg, patience_s=0.5)
    os.kill(pg._process.pid, signal.SIGSTOP)
    try:
        for _ in range(3):
            began = time.monotonic()
            async with not_held_up():
                assert (await knocker.knock()).door is Door.DARK
            assert time.monotonic() - began < 1.0
    finally:
        os.kill(pg._process.pid, signal.SIGCONT)
    assert (await until_knocked(knocker, lambda each: each.door is Door.OPEN)).may_log_in
    await until(lambda: ours(pg) == 0)


async def test_a_postgresql_that_lets_one_in_and_then_says_nothing_is_dark_and_its_line_is_cut(
    pg: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Question("knock", "/* dbconsole:knock */ SELECT pg_sleep(20)", (), timedelta(seconds=3))
    knocker = at_postgres(pg, patience_s=0.5)
    with monkeypatch.context() as patch:
        patch.setattr(knock_at_postgres, "_ROLE", slow)
        began = time.monotonic()
        assert (await knocker.knock()).door is Door.DARK
        assert time.monotonic() - began < 1.0
    assert (await until_knocked(knocker, lambda each: each.door is Door.OPEN)).may_log_in
    assert time.monotonic() - began < 2.0, "nobody waited for psycopg to tell the server to stop"
    await until(lambda: ours(pg) == 0)  # the server ends what takes too long


async def test_whoever_gives_up_knocking_at_a_postgresql_leaves_nobody_there(pg: postgres.Server) -> None:
    knocker = at_postgres(pg)
    for after_s in (0.0, 0.002, 0.005, 0.01, 0.02):
        knocking = asyncio.ensure_future(knocker.knock())
        await asyncio.sleep(after_s)
        knocking.cancel()
        await asyncio.wait((knocking,))
    await asyncio.sleep(0)
    await until(lambda: ours(pg) == 0)
    await until_knocked(knocker, lambda each: each.door is Door.OPEN)


async def test_a_mariadb_that_takes_no_writes_is_read_only(maria: mariadb.Server) -> None:
    knocker = at_maria(maria)
    opened = await knocker.knock()
    assert (opened.door, opened.address, opened.said) == (Door.OPEN, "127.0.0.1", "")
    assert opened.node.endswith(f":{maria.port}")
    maria.sql("SET GLOBAL read_only = ON")
    try:
        assert (await knocker.knock()).door is Door.READ_ONLY
    finally:
        maria.sql("SET GLOBAL read_only = OFF")


async def test_a_mariadb_that_is_frozen_is_dark_and_locks_nobody_out_when_it_moves(maria: mariadb.Server) -> None:
    knocker = at_maria(maria, patience_s=0.3)
    maria.freeze()
    try:
        for _ in range(12):
            async with not_held_up():
                assert (await knocker.knock()).door is Door.DARK
    finally:
        maria.thaw()
    assert (await until_knocked(knocker, lambda each: each.door is Door.OPEN)).may_log_in


async def test_knocking_a_hundred_times_at_a_mariadb_is_no_error_of_connecting(maria: mariadb.Server) -> None:
    def errors() -> int:
        (row,) = maria.sql("SHOW GLOBAL STATUS LIKE 'Aborted_c%'")[-1:]
        return int(row["Value"])

    knocker, before = at_maria(maria), errors()
    for _ in range(100):
        assert (await knocker.knock()).door is Door.OPEN
    assert errors() == before


async def test_a_redis_that_is_frozen_is_dark_in_time_and_keeps_nobody(cache: RedisServer) -> None:
    knocker = at_redis(cache, patience_s=0.5)
    assert (await knocker.knock()).door is Door.OPEN
    cache.freeze()
    try:
        began = time.monotonic()
        assert (await knocker.knock()).door is Door.DARK
        assert time.monotonic() - began < 1.0
    finally:
        cache.thaw()
    await until_knocked(knocker, lambda each: each.door is Door.OPEN)
    await until(lambda: "name=dbconsole" not in str(cache.say("CLIENT", "LIST")))


async def test_a_redis_that_wants_another_password_says_so(cache: RedisServer) -> None:
    for password, words in (("wrong", "WRONGPASS"), ("", "NOAUTH")):
        knock = await at_redis(cache, password).knock()
        assert (knock.door, knock.may_log_in) == (Door.RECOVERING, False)
        assert words in knock.said


async def test_a_redis_that_was_started_again_is_another_node(cache: RedisServer, tmp_path: Path) -> None:
    before = await at_redis(cache).knock()
    with redis_server(tmp_path / "another", password=PASSWORD) as another:
        assert (await at_redis(another).knock()).node not in ("", before.node)
