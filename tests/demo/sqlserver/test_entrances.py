"""Whoever may throws plans out of the demo's servers, over TDS with both drivers; whoever only reads is refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.wire.connection import Connection
from collectors.sqlserver.wire.driver import choose
from collectors.sqlserver.wire.target import Target
from collectors.threads import Threads
from console.actions.flushes.plan_questions import HERE, Here
from console.actions.flushes.plan_text import entering, statement
from console.actions.flushes.scope import scope
from console.actions.hands import Way
from console.actions.surroundings import Keys
from console.demo.model import Model
from console.demo.reporting import Reports
from console.demo.sqlserver.entrances import Entrances
from console.demo.sqlserver.server import ModelServers
from console.demo.sqlserver.wire import USER, ModelAnswerer, WireServers
from console.demo.tds.answering import Login
from tests.collectors.sqlserver.wire.asking import question
from tests.demo.sqlserver.asking import ORDERS, START, model
from tests.rig import tds

NOW = datetime.fromtimestamp(START + 300, UTC)


async def no_keys(grants: tuple[str, ...], arns: tuple[str, ...]) -> Keys:
    raise AssertionError("the demo's password is kept by nobody")


@pytest.fixture(params=tds.DRIVERS)
def driver(request: pytest.FixtureRequest) -> tds.Driver:
    return tds.driver(request.param)


def now() -> datetime:
    return NOW


def entrances(of: Model, driver: str, reports: Reports | None = None) -> Entrances:
    return Entrances(ModelServers(of, now), of, now, reports or Reports(of, None, now), driver)


async def sent(of: Model, driver: tds.Driver, *texts: str, reports: Reports | None = None) -> Any:
    """As whoever flushes, one statement after the other; what was raised."""
    return await sent_by(entrances(of, driver.named, reports).way(ORDERS), *texts)


async def sent_by(way: Way[Target], *texts: str) -> Exception | None:
    credentials = await way.log_in(no_keys)

    def ask() -> Exception | None:
        connection = Connection.open(choose([], way.driver), way.target, credentials)
        try:
            for number, text in enumerate(texts):
                connection.ask(replace(question(str(number), within_s=5), text=text), ())
        except Exception as error:  # noqa: BLE001 - it is what is asked for
            return error
        finally:
            connection.close()
        return None

    return await asyncio.to_thread(ask)


@pytest.mark.parametrize(
    ("said", "what", "share"), [("all-plans", "", 1.0), ("plans:orders_archive", "orders_archive", 0.0)]
)
async def test_what_is_thrown_out_is_a_fact_of_the_play(driver: tds.Driver, said: str, what: str, share: float) -> None:
    of, wanted = model(), scope(said)
    before = [entering(wanted.database)] if wanted.database else []
    assert await sent(of, driver, *before, statement(wanted)) is None
    (told,) = of.flushes.of(ORDERS)
    assert (told.what, told.share) == (what, share)


async def test_servers_that_are_asked_over_the_wire_are_flushed_at_the_same_port(driver: tds.Driver) -> None:
    of = model()
    reports = Reports(of, None, now)
    servers = WireServers(ModelServers(of, now), Threads(), driver.named, reports=reports)
    await servers.begin()
    try:
        way = Entrances(servers, of, now, reports).way(ORDERS)
        assert (way.target, way.driver) == (servers.of(ORDERS).target, driver.named)
        (rows,) = await servers.of(ORDERS).ask(HERE)
        assert not rows.as_(Here)[0].may_server, "whoever reads may not"
        assert await sent_by(way, statement(scope("all-plans"))) is None
        assert [flush.what for flush in of.flushes.of(ORDERS)] == [""]
    finally:
        await servers.end()


async def test_a_plan_that_is_not_there_and_a_database_that_is_not_are_refused(driver: tds.Driver) -> None:
    of = model()
    gone = await sent(of, driver, statement(scope("plan:0x06AB")))
    assert tds.numbers(gone) >= {2549}
    assert tds.numbers(await sent(of, driver, entering("nowhere"))) >= {911}
    assert not of.flushes.all


async def test_a_flush_that_nobody_heard_of_is_not_answered(driver: tds.Driver) -> None:
    """The emulator is silent: whether it knows of it nobody can say."""
    of = model()

    class Silent(Reports):
        async def flushed(self, *_: object, **__: object) -> Any:
            raise CannotCollect("The emulated AWS does not answer.")

    lost = await sent(of, driver, statement(scope("all-plans")), reports=Silent(of, None, now))
    assert str(tds.state(lost)).startswith("08") or "Unknown error" in str(lost) or tds.numbers(lost) & {20004, 20006}


async def test_who_reads_may_not_and_who_flushes_needs_a_password(driver: tds.Driver) -> None:
    of = model()
    answering = ModelAnswerer(of, ORDERS, now, tds.PASSWORD)
    assert not answering.admits(Login("dbconsole_flush"), "")
    assert answering.admits(Login(USER), tds.PASSWORD)
    with tds.serving(answering) as server, tds.connected(driver, server, {"UID": USER}) as connection:
        with pytest.raises(Exception, match=r"2571|permission") as met:
            tds.fetched(connection, statement(scope("all-plans")))
        assert tds.numbers(met.value) >= {2571}
    assert not of.flushes.all


def test_who_is_no_sql_server_has_no_way() -> None:
    with pytest.raises(CannotCollect, match="no SQL Server"):
        entrances(model(), "").way(ResourceId(Safe("sessions-001")))


def test_a_machine_without_a_driver_says_which_one_is_lacking() -> None:
    with pytest.raises(CannotCollect, match="There is no ODBC driver named ODBC Driver 99") as met:
        entrances(model(), "ODBC Driver 99").way(ORDERS)
    assert met.value.mend


def test_its_password_is_shown_nowhere() -> None:
    assert "secret" not in repr(Credentials("dbconsole_flush", "secret"))
