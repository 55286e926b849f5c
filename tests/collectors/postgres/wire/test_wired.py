"""A real server over the wire: how it is logged in to, what it may be asked, and what becomes of every trouble."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.database.credentials import Credentials
from collectors.database.secret import Secret
from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.postgres.asking import Question
from collectors.postgres.wire.target import Encryption, Target
from collectors.postgres.wire.wired import Wired
from tests.rig.certificates import Certificates, certificates
from tests.rig.postgres import MONITOR, PASSWORD, PLAIN, Server, alone
from tests.rig.severable import Severable
from tests.rig.terminal import wait_until

SETTINGS = Question(
    "settings",
    "SELECT name, setting FROM pg_settings WHERE name IN "
    "('statement_timeout', 'lock_timeout', 'default_transaction_read_only', 'application_name', 'TimeZone')",
)
ONE = Question("one", "SELECT 1 AS one")
OURS = Question("ours", "SELECT pg_backend_pid() AS pid")
ASLEEP = Question("asleep", "SELECT pg_sleep(60)", within=timedelta(milliseconds=200))


class Written(Secret):
    """As a test has it at the moment; ``reads``: how often it was looked at."""

    def __init__(self, user: str = MONITOR, password: str = PASSWORD) -> None:
        self.user, self.password = user, password
        self.reads = 0

    async def read(self) -> Credentials:
        self.reads += 1
        return Credentials(self.user, self.password)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def server(signed: Certificates) -> Iterator[Server]:
    with alone(
        signed.good, max_connections="6", superuser_reserved_connections="2", listen_addresses="127.0.0.1,127.0.0.2"
    ) as found:
        yield found


@asynccontextmanager
async def asking(
    server: Server, secret: Secret | None = None, *, host: str = "127.0.0.1", port: int = 0, login_s: int = 5,
    encryption: Encryption = Encryption.OFF, ca: Path | None = None, database: str = "postgres", budget: float = 1.0,
) -> AsyncIterator[Wired]:  # fmt: skip
    target = Target(host, port or server.port, encryption, str(ca or ""), database, login_s)
    wired = Wired(target, secret or Written(), time.monotonic, budget=budget)
    yield wired
    await wired.close()


async def pid_of(wired: Wired) -> object:
    return (await wired.ask(OURS)).values[0][0]


async def test_the_session_holds_nobody_up_and_says_who_it_is(server: Server) -> None:
    async with asking(server) as wired:
        found = {row[0]: row[1] for row in (await wired.ask(SETTINGS)).values}
        assert found == {
            "statement_timeout": "3000", "lock_timeout": "2000", "default_transaction_read_only": "on",
            "application_name": "dbconsole", "TimeZone": "UTC",
        }  # fmt: skip
        assert "not encrypted" in wired.load.warning
        with pytest.raises(CannotCollect, match="refused the statement"):
            await wired.ask(Question("writes", "CREATE TABLE public.mine (id int)"))


async def test_one_connection_serves_all_and_is_replaced_when_it_broke(server: Server) -> None:
    async with asking(server) as wired:
        first = await pid_of(wired)
        assert await asyncio.gather(*(pid_of(wired) for _ in range(5))) == [first] * 5
        server.sql("SELECT pg_terminate_backend(%s, 5000)", first)
        with pytest.raises(CannotCollect):
            await wired.ask(ONE)
        assert await pid_of(wired) != first
        assert wired.load.connections == 1


async def test_what_takes_too_long_is_stopped_by_the_server(server: Server) -> None:
    async with asking(server) as wired:
        first = await pid_of(wired)
        with pytest.raises(CannotCollect, match=r"did not answer within 0.2 s"):
            await wired.ask(ASLEEP)
        assert await pid_of(wired) == first


async def test_whoever_is_cancelled_leaves_nothing_behind(server: Server) -> None:
    async with asking(server) as wired:
        await wired.ask(ONE)
        asked = asyncio.create_task(wired.ask(Question("asleep", "SELECT pg_sleep(60)")))
        active = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%%pg_sleep(60)' AND state = %s"
        await asyncio.to_thread(wait_until, lambda: server.sql(active, "active"), "its statement")
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert (await wired.ask(ONE)).values == ((1,),)
    left = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'dbconsole'"
    await asyncio.to_thread(wait_until, lambda: not server.sql(left), "the end of both connections")


async def test_a_backend_that_neither_answers_nor_stops_is_left(server: Server) -> None:
    async with asking(server) as wired:
        pid = await pid_of(wired)
        assert isinstance(pid, int)
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(CannotCollect, match="neither answers nor stops"):
                await wired.ask(Question("one", "SELECT 1 AS one", within=timedelta(milliseconds=200)))
            assert await pid_of(wired) != pid
            assert wired.load.hanging == 1
        finally:
            os.kill(pid, signal.SIGCONT)


async def test_a_line_that_passes_nothing_is_given_up(server: Server) -> None:
    with Severable(server.port) as line:
        async with asking(server, port=line.port, login_s=1) as wired:
            await wired.ask(ONE)
            line.stall()
            with pytest.raises(CannotCollect, match=r"given up after 1\.2 s"):
                await wired.ask(Question("one", "SELECT 1 AS one", within=timedelta(milliseconds=200)))
            with pytest.raises(CannotCollect, match=r"does not answer within|lets nobody in"):
                await wired.ask(ONE)
            line.mend()


async def test_a_wrong_password_is_tried_once_and_again_when_the_secret_has_changed(server: Server) -> None:
    secret = Written(password="no longer")  # noqa: S106 - it opens nothing
    async with asking(server, secret) as wired:
        for _ in range(3):
            with pytest.raises(Expired, match="refuses the login of dbconsole_ro"):
                await wired.ask(ONE)
        assert secret.reads == 2  # and once more to see whether it was rotated
        secret.password = PASSWORD
        wired.refresh()
        assert (await wired.ask(ONE)).values == ((1,),)


async def test_a_rotated_secret_is_read_again_within_one_question(server: Server) -> None:
    class Rotated(Written):
        async def read(self) -> Credentials:
            found = await super().read()
            self.password = PASSWORD
            return found

    async with asking(server, Rotated(password="old")) as wired:  # noqa: S106 - it opens nothing
        assert (await wired.ask(ONE)).values == ((1,),)


async def test_a_grant_that_is_missing_is_named(server: Server) -> None:
    async with asking(server, Written(PLAIN)) as wired:
        with pytest.raises(Denied) as told:
            await wired.ask(Question("files", "SELECT pg_ls_waldir()"))
    assert told.value.grant == "pg_monitor"
    assert PASSWORD not in told.value.line()


async def test_each_trouble_of_the_login_has_its_own_words(server: Server) -> None:
    async with asking(server, database="nowhere") as wired:
        with pytest.raises(CannotCollect, match="nowhere cannot be opened"):
            await wired.ask(ONE)
    async with asking(server, port=1) as wired:
        with pytest.raises(CannotCollect, match="refuses connections"):
            await wired.ask(ONE)
    async with asking(server, host="nowhere.invalid") as wired:
        with pytest.raises(CannotCollect, match="does not resolve"):
            await wired.ask(ONE)
    async with asking(server) as one, asking(server) as two, asking(server) as three, asking(server) as four:
        for each in (one, two, three, four):
            await each.ask(ONE)
        async with asking(server) as wired:
            with pytest.raises(CannotCollect, match="has no connection left"):
                await wired.ask(ONE)


async def test_the_certificate_is_verified_unless_the_profile_says_otherwise(
    server: Server, signed: Certificates
) -> None:
    verify = Encryption.VERIFY
    async with asking(server, host="localhost", encryption=verify, ca=signed.authority) as wired:
        used = await wired.ask(Question("tls", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
        assert (used.values, wired.load.warning) == (((True,),), "")
    async with asking(server, host="localhost", encryption=verify) as wired:
        with pytest.raises(CannotCollect, match="not trusted here"):
            await wired.ask(ONE)
    async with asking(server, host="127.0.0.2", encryption=verify, ca=signed.authority) as wired:
        with pytest.raises(CannotCollect, match="for another name"):
            await wired.ask(ONE)
    async with asking(server, encryption=Encryption.TRUST) as wired:
        await wired.ask(ONE)
        assert "not verified" in wired.load.warning
    async with asking(server, encryption=verify, ca=Path("/nowhere.pem")) as wired:
        with pytest.raises(CannotCollect, match="cannot be read"):
            await wired.ask(ONE)


async def test_a_question_has_its_share_of_the_servers_time_and_no_more(server: Server) -> None:
    async with asking(server, budget=0.0001) as wired:
        nap = Question("nap", "SELECT pg_sleep(0.05)")
        await wired.ask(nap)
        with pytest.raises(Throttled, match="nap has had its"):
            await wired.ask(nap)
        assert (await wired.ask(ONE)).values == ((1,),)


async def test_without_psycopg_one_line_says_what_to_install(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    async with asking(server) as wired:
        with pytest.raises(CannotCollect) as told:
            await wired.ask(ONE)
    assert "pip install 'dbconsole[postgres]'" in told.value.line()
