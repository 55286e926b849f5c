"""Knocking at a SQL Server over TDS, with both drivers, while it goes dark, refuses, may be read, and opens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collectors.database.credentials import Credentials
from collectors.database.rows import Rows
from collectors.errors import CannotCollect
from collectors.knock.knock import Door
from collectors.knock.sqlserver import SqlServerKnocker
from collectors.sqlserver.forbidden import check
from collectors.sqlserver.wire.target import Encryption, Target
from collectors.threads import Threads
from console.demo.tds.answering import Login, TdsError
from console.demo.tds.faults import DropMidRow, Fails, Frozen, Silent, WrongPassword
from console.demo.tds.session import House
from tests.collectors.knock.knocking import Given, now, threads, until_knocked
from tests.collectors.sqlserver.wire.asking import not_held_up, until
from tests.rig import tds
from tests.rig.certificates import certificates

COLUMNS = ("asked", "updateability", "status", "node")
RIGHT = Credentials(tds.USER, tds.PASSWORD)


@pytest.fixture(params=[tds.FREETDS, tds.MICROSOFT])
def driver(request: pytest.FixtureRequest) -> tds.Driver:
    return tds.driver(request.param)


@pytest.fixture
def script() -> tds.Script:
    return tds.Script(lambda _: [Rows(COLUMNS, (("rdsadmin", "READ_WRITE", "ONLINE", "NODE-A"),))])


@pytest.fixture
def server(script: tds.Script) -> Iterator[tds.Serving]:
    with tds.serving(script) as serving:
        yield serving


def says(script: tds.Script, *row: str | None) -> None:
    script.answer_by = lambda _: [Rows(COLUMNS, (row,))]


def knocker(port: int, driver: tds.Driver, **given: Any) -> SqlServerKnocker:
    target = Target("127.0.0.1", port, given.pop("encryption", Encryption.OFF))
    secret = given.pop("secret", None) or Given(*(RIGHT.user, RIGHT.password))
    pool: Threads = given.pop("threads", None) or threads()
    return SqlServerKnocker(target, secret, pool, now, driver=driver.named, **given)


async def test_an_open_door_tells_who_answered_and_where(
    server: tds.Serving, script: tds.Script, driver: tds.Driver
) -> None:
    knock = await knocker(server.port, driver).knock()
    assert (knock.door, knock.said, knock.may_log_in) == (Door.OPEN, "", True)
    assert (knock.node, knock.address) == ("NODE-A", "127.0.0.1")
    assert knock.began <= knock.ended
    (asked,) = script.asked
    assert asked.text.startswith("/* dbconsole:knock */"), "one statement, and nothing before it"
    check(asked.text)


async def test_a_failover_is_seen_as_it_goes(server: tds.Serving, script: tds.Script, driver: tds.Driver) -> None:
    at_the_door = knocker(server.port, driver)
    assert (await at_the_door.knock()).door is Door.OPEN
    with server.faults.during(WrongPassword()):
        refused = await at_the_door.knock()
    assert (refused.door, refused.may_log_in) == (Door.RECOVERING, False)
    assert "18456" in refused.said
    says(script, "rdsadmin", None, "RECOVERING", "NODE-B")
    assert (await at_the_door.knock()).door is Door.RECOVERING
    says(script, "rdsadmin", "READ_ONLY", "ONLINE", "NODE-B")
    assert (await at_the_door.knock()).door is Door.READ_ONLY
    says(script, "rdsadmin", "READ_WRITE", "ONLINE", "NODE-B")
    opened = await at_the_door.knock()
    assert (opened.door, opened.node) == (Door.OPEN, "NODE-B")
    server.stop()
    gone = await at_the_door.knock()
    assert (gone.door, gone.address, gone.may_log_in) == (Door.DARK, "127.0.0.1", None)
    assert "refuse" in gone.said


@pytest.mark.parametrize("number", [976, 983, 922])
async def test_whoever_is_not_the_primary_says_so_to_those_inside(
    server: tds.Serving, driver: tds.Driver, number: int
) -> None:
    with server.faults.during(Fails((TdsError(number, "It is not to be asked now."),))):
        knock = await knocker(server.port, driver).knock()
    assert (knock.door, knock.may_log_in) == (Door.RECOVERING, True)
    assert str(number) in knock.said


async def test_a_line_that_breaks_within_the_answer_is_no_open_door(server: tds.Serving, driver: tds.Driver) -> None:
    with server.faults.during(DropMidRow()):
        assert (await knocker(server.port, driver).knock()).door is Door.RECOVERING


@pytest.mark.parametrize("fault", [Silent(), Frozen()])
async def test_a_server_that_says_nothing_is_dark_in_time_and_nobody_is_sent_after_the_one_that_hangs(
    server: tds.Serving, driver: tds.Driver, fault: Silent | Frozen
) -> None:
    pool = threads()
    at_the_door = knocker(server.port, driver, threads=pool, patience_s=0.5)
    with server.faults.during(fault):
        began = time.monotonic()
        async with not_held_up():
            knock = await at_the_door.knock()
        assert time.monotonic() - began < 1.0
        assert knock.door is Door.DARK
        for _ in range(3):
            assert (await at_the_door.knock()).door is Door.DARK
            assert sum(pool.abandoned.values()) <= 1
    await until(lambda: not pool.abandoned)
    assert (await at_the_door.knock()).door is Door.OPEN


async def test_whoever_gives_a_knock_up_leaves_no_thread_for_long(server: tds.Serving, driver: tds.Driver) -> None:
    pool = threads()
    at_the_door = knocker(server.port, driver, threads=pool)
    with server.faults.during(Frozen()):
        knocking = asyncio.ensure_future(at_the_door.knock())
        await asyncio.sleep(0.3)
        knocking.cancel()
        async with not_held_up():
            with pytest.raises(asyncio.CancelledError):
                await knocking
        await until(lambda: not pool.abandoned)
    assert (await at_the_door.knock()).door is Door.OPEN


async def test_a_password_that_was_never_right_is_not_tried_four_times_a_second(
    server: tds.Serving, script: tds.Script, driver: tds.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def refuses(login: Login, _: str) -> bool:
        tried.append(login.user)
        return False

    monkeypatch.setattr(script, "admits", refuses)
    at_the_door = knocker(server.port, driver, secret=Given(tds.USER, "wrong"))
    knocks = [await at_the_door.knock() for _ in range(8)]
    assert {(each.door, each.may_log_in) for each in knocks} == {(Door.RECOVERING, False)}
    assert "18456" in knocks[0].said
    assert len(tried) == 1, "each try may be one towards a locked account"


async def test_a_password_that_somebody_was_let_in_with_is_tried_at_each_knock(
    server: tds.Serving, driver: tds.Driver
) -> None:
    at_the_door = knocker(server.port, driver, is_good=lambda credentials: credentials == RIGHT)
    with server.faults.during(WrongPassword()):
        for _ in range(3):
            assert "18456" in (await at_the_door.knock()).said
    assert (await at_the_door.knock()).door is Door.OPEN


async def test_a_password_that_was_changed_meanwhile_is_found(server: tds.Serving, driver: tds.Driver) -> None:
    secret = Given(tds.USER, "the old one")
    at_the_door = knocker(server.port, driver, secret=secret)
    assert (await at_the_door.knock()).may_log_in is False
    secret.says = RIGHT
    at_the_door._held._look_at = 0.0  # as a quarter of a minute later
    await at_the_door.knock()
    assert (await until_knocked(at_the_door, lambda each: each.door is Door.OPEN)).may_log_in


async def test_a_certificate_that_is_not_trusted_is_our_own_trouble(
    script: tds.Script, driver: tds.Driver, tmp_path: Path
) -> None:
    house = House(script, certificates(tmp_path).good, required=True)
    with tds.serving(script, house) as server:
        at_the_door = knocker(server.port, driver, encryption=Encryption.VERIFY)
        if driver.name == tds.FREETDS:  # which verifies none, and `c` says so
            assert (await at_the_door.knock()).may_log_in
            return
        with pytest.raises(CannotCollect, match="certificate"):
            await at_the_door.knock()


async def test_without_a_driver_nobody_can_tell_by_knocking(server: tds.Serving) -> None:
    named = tds.Driver("nobody's", "No Such Driver", strict=False)
    with pytest.raises(CannotCollect, match="no ODBC driver"):
        await knocker(server.port, named).knock()
