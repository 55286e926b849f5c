"""Asking over the wire, by both drivers: what is sent, how much at once, and how each fault ends."""

from __future__ import annotations

import asyncio
import threading

import pytest

from collectors.database.credentials import Credentials
from collectors.database.key import LOOK_AGAIN_S, Key
from collectors.database.rows import Rows
from collectors.errors import CannotCollect, Expired, Throttled
from collectors.sqlserver.forbidden import Forbidden
from collectors.sqlserver.wire.connection import MOST_ROWS, PROLOGUE
from collectors.sqlserver.wire.wired import Wired
from collectors.threads import Threads
from console.demo.tds.answering import Asked
from console.demo.tds.faults import DropMidRow, Frozen, Huge, Silent, Slow, WrongPassword
from tests.collectors.sqlserver.wire.asking import ONE, Changing, not_held_up, question, until, wired
from tests.rig import tds

TWO = question("two")


async def test_rows_come_back_as_they_are_and_arguments_are_bound(
    server: tds.Serving, script: tds.Script, driver: tds.Driver
) -> None:
    first = Rows(("a", "b"), ((1, "x"), (None, "ü")))
    script.answer_by = lambda _: [first, Rows(("c",), ())]
    found = await wired(server, driver).ask(question(text="SELECT ?, ?"), 7, "'; DROP TABLE x")
    assert found == (first, Rows(("c",), ()))
    (asked,) = script.asked
    assert asked.text == "/* dbconsole:one */ SELECT @P1, @P2"
    assert asked.arguments == (7, "'; DROP TABLE x")
    assert (asked.login.program, asked.login.database, asked.login.read_only) == ("dbconsole", "master", False)


async def test_read_only_intent_is_said_where_it_is_wanted(
    server: tds.Serving, script: tds.Script, driver: tds.Driver
) -> None:
    await wired(server, driver, target={"read_only": True}).ask(ONE)
    assert script.asked[0].login.read_only


def test_the_prologue_hurts_nobody() -> None:
    for words in ("DEADLOCK_PRIORITY -10", "LOCK_TIMEOUT 2000", "READ UNCOMMITTED", "NOCOUNT ON", "TEXTSIZE 16777218"):
        assert words in PROLOGUE


async def test_a_connection_serves_one_question_after_the_other(server: tds.Serving, driver: tds.Driver) -> None:
    asked = wired(server, driver)
    for _ in range(5):
        await asked.ask(ONE)
    assert (asked.load.connections, asked.load.hanging) == (1, 0)


class Meeting:
    """Statements that wait until they are let go: how many were there at once?"""

    def __init__(self) -> None:
        self.at_once = self.most = self.all = 0
        self.go = threading.Event()

    async def answer(self, asked: Asked) -> list[Rows]:
        del asked
        self.at_once += 1
        self.all += 1
        self.most = max(self.most, self.at_once)
        try:
            while not self.go.is_set():  # noqa: ASYNC110 - set by another thread
                await asyncio.sleep(0.005)
        finally:
            self.at_once -= 1
        return [Rows(("one",), ((1,),))]


@pytest.mark.parametrize("most", [1, 2, 3])
async def test_there_are_never_more_connections_than_allowed(
    server: tds.Serving, script: tds.Script, driver: tds.Driver, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting()
    monkeypatch.setattr(script, "answer", meeting.answer)
    asked = wired(server, driver, connections=most)
    asking = [asyncio.ensure_future(asked.ask(question(within_s=5))) for _ in range(12)]
    await until(lambda: meeting.at_once == most)
    assert asked.load.connections == most
    meeting.go.set()
    async with not_held_up():
        await asyncio.gather(*asking)
    assert (meeting.all, meeting.most, asked.load.connections) == (12, most, most)


async def test_asking_that_is_cancelled_frees_its_connection_and_stops_the_statement(
    server: tds.Serving, script: tds.Script, driver: tds.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting()
    monkeypatch.setattr(script, "answer", meeting.answer)
    asked = wired(server, driver, connections=1)
    asking = asyncio.ensure_future(asked.ask(question(within_s=30)))
    await until(lambda: meeting.at_once == 1)
    async with not_held_up():
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert asked.load.hanging == 1, "whoever cancels does not wait for the server"
        await until(lambda: meeting.at_once == 0)  # it was told to stop: not the 30 s
        await until(lambda: asked.load.hanging == 0)
    assert asked.load.connections == 0, "nobody knows in what state it was"
    meeting.go.set()
    assert (await asked.ask(ONE))[0].values == ((1,),)


async def test_a_frozen_server_is_given_up_and_asked_anew(server: tds.Serving, driver: tds.Driver) -> None:
    asked = wired(server, driver)
    with server.faults.during(Frozen()):
        async with not_held_up():
            with pytest.raises(CannotCollect, match=r"did not answer within 1 s|neither answers nor stops"):
                await asked.ask(ONE)
    await until(lambda: asked.load.hanging == 0)
    (spent,) = asked.load.questions
    assert (spent.minutes[-1].failed, spent.minutes[-1].seconds) == (1, 1), "waiting for the dead is no work of theirs"
    assert (await asked.ask(ONE))[0].values == ((1,),)


async def test_asking_that_is_cancelled_before_a_thread_is_free_frees_its_place(
    server: tds.Serving, driver: tds.Driver
) -> None:
    threads, go = Threads(1), threading.Event()
    asked = wired(server, driver, threads=threads, connections=1)
    busy = asyncio.ensure_future(threads.call("another", lambda: go.wait(20)))
    asking = asyncio.ensure_future(asked.ask(ONE))
    await until(lambda: asked.load.connections == 1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (asked.load.connections, asked.load.hanging) == (0, 0)
    go.set()
    await busy
    assert await asked.ask(ONE)


async def test_when_one_line_breaks_the_others_are_not_trusted(
    server: tds.Serving, script: tds.Script, driver: tds.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = counting(script, monkeypatch)
    asked = wired(server, driver)
    with server.faults.during(Slow(0.2)):
        await asyncio.gather(asked.ask(ONE), asked.ask(ONE))
    assert len(tried) == 2
    with server.faults.during(DropMidRow()), pytest.raises(CannotCollect):
        await asked.ask(ONE)
    await asked.ask(ONE)
    await asked.ask(ONE)
    with server.faults.during(Slow(0.2)):
        await asyncio.gather(asked.ask(ONE), asked.ask(ONE))
    assert len(tried) == 4


async def test_a_connection_opens_no_transaction(server: tds.Serving, driver: tds.Driver) -> None:
    asked = wired(server, driver, connections=1)
    await asked.ask(ONE)
    (place,) = asked._places.idle
    assert place.connection is not None
    assert place.connection._raw.autocommit


async def test_one_that_hangs_holds_up_neither_its_neighbour_nor_another_server(
    server: tds.Serving, driver: tds.Driver
) -> None:
    asked = wired(server, driver)
    with server.faults.during(Frozen(only="two")):
        hanging = asyncio.ensure_future(asked.ask(TWO))
        for _ in range(20):
            assert await asked.ask(ONE)
        assert not hanging.done()
        with pytest.raises(CannotCollect):
            await hanging


async def test_a_line_that_breaks_is_told_once_and_then_connected_anew(server: tds.Serving, driver: tds.Driver) -> None:
    asked = wired(server, driver)
    await asked.ask(ONE)
    with server.faults.during(DropMidRow()), pytest.raises(CannotCollect, match="broke"):
        await asked.ask(ONE)
    assert asked.load.connections == 0
    assert await asked.ask(ONE)


async def test_a_huge_answer_is_cut_off(server: tds.Serving, driver: tds.Driver) -> None:
    asked = wired(server, driver)
    with server.faults.during(Huge(200)):
        async with not_held_up():
            with pytest.raises(CannotCollect, match="larger than any") as raised:
                await asked.ask(question(within_s=10))
    assert raised.value.seen == "over 16 MiB"
    assert asked.load.connections == 0
    assert await asked.ask(ONE)


async def test_too_many_rows_are_cut_off(server: tds.Serving, script: tds.Script, driver: tds.Driver) -> None:
    script.answer_by = lambda _: [Rows(("n",), ((1,),) * (MOST_ROWS + 1))]
    with pytest.raises(CannotCollect, match="larger than any"):
        await wired(server, driver).ask(question(within_s=20))


async def test_a_server_that_is_silent_is_given_up(server: tds.Serving, driver: tds.Driver) -> None:
    asked = wired(server, driver)
    with server.faults.during(Silent()):
        async with not_held_up():
            with pytest.raises(CannotCollect, match="takes the connection and lets nobody in within 1 s"):
                await asked.ask(ONE)


async def test_refused_is_not_silent(driver: tds.Driver) -> None:
    with tds.serving(tds.Script()) as server:
        port = server.port
    with pytest.raises(CannotCollect, match="refuses connections"):
        await wired(port, driver).ask(ONE)


async def test_a_name_that_does_not_resolve_is_told_as_such(driver: tds.Driver) -> None:
    with pytest.raises(CannotCollect, match=r"The name no\.such\.host\.invalid does not resolve"):
        await wired(1433, driver, target={"host": "no.such.host.invalid"}).ask(ONE)


async def test_a_wrong_password_is_tried_once_and_the_secret_read_once_more(
    server: tds.Serving, script: tds.Script, driver: tds.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = counting(script, monkeypatch)
    secret = Changing("wrong")
    asked = wired(server, driver, secret)
    together = [asyncio.ensure_future(asked.ask(ONE)) for _ in range(6)]
    for each in together:
        with pytest.raises(Expired, match="refuses the login of dbconsole_ro"):
            await each
    assert (tried, secret.reads) == (["wrong"], 2)
    asked.refresh()
    with pytest.raises(Expired):
        await asked.ask(ONE)
    assert tried == ["wrong", "wrong"]


async def test_a_secret_that_was_rotated_is_noticed_at_the_next_login(
    server: tds.Serving, script: tds.Script, driver: tds.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = counting(script, monkeypatch)
    secret = Changing("old", tds.PASSWORD)
    assert await wired(server, driver, secret).ask(ONE)
    assert (tried, secret.reads) == (["old", tds.PASSWORD], 2)


async def test_a_secret_that_is_wrong_twice_is_tried_twice(
    server: tds.Serving, script: tds.Script, driver: tds.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = counting(script, monkeypatch)
    asked = wired(server, driver, Changing("old", "new"))
    for _ in range(5):
        with pytest.raises(Expired):
            await asked.ask(ONE)
    assert tried == ["old", "new"]


def counting(script: tds.Script, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were tried."""
    tried: list[str] = []

    def admits(login: object, password: str) -> bool:
        del login
        tried.append(password)
        return password == tds.PASSWORD

    monkeypatch.setattr(script, "admits", admits)
    return tried


async def test_after_a_while_it_is_seen_whether_the_secret_has_changed() -> None:
    now = 0.0
    secret = Changing("wrong", "wrong", "wrong", "right")
    key = Key(secret, lambda: now)
    refusal = Expired("no", seen="18456", mend="later")
    await key.credentials()
    with pytest.raises(Expired):
        await key.after(refusal)
    for _ in range(3):
        with pytest.raises(Expired, match="no") as raised:
            await key.credentials()
        assert (raised.value.seen, raised.value.mend) == ("18456", "later")
    assert secret.reads == 2, "it is not read each time somebody asks"
    now = LOOK_AGAIN_S
    for _ in range(3):
        with pytest.raises(Expired):
            await key.credentials()
    assert secret.reads == 3
    now = 2 * LOOK_AGAIN_S
    assert (await key.credentials()) == Credentials(tds.USER, "right")


async def test_the_password_is_in_nothing_that_is_shown(
    server: tds.Serving, driver: tds.Driver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    asked = wired(server, driver)
    with server.faults.during(WrongPassword()), pytest.raises(CannotCollect) as raised:
        await asked.ask(ONE)
    shown = f"{raised.value.line()} {raised.value!r} {asked.load!r} {caplog.text} {vars(asked)!r}"
    error: BaseException | None = raised.value
    while error is not None:
        shown += repr(error) + str(error.args)
        error = error.__cause__ or error.__context__
    assert tds.PASSWORD not in shown


async def test_a_question_that_spent_its_share_waits(server: tds.Serving, driver: tds.Driver) -> None:
    asked = wired(server, driver, budget=0.001)
    with server.faults.during(Slow(0.2, only="one")):
        await asked.ask(ONE)
        with pytest.raises(Throttled, match="one has had its 0% of the time"):
            await asked.ask(ONE)
    assert await asked.ask(TWO), "others go on"
    (one, two) = asked.load.questions
    assert (one.question, one.minutes[-1].statements, one.minutes[-1].rows) == ("one", 1, 1)
    assert one.minutes[-1].seconds >= 0.2
    assert (two.question, two.minutes[-1].failed) == ("two", 0)


async def test_threads_that_hang_are_at_most_as_many_as_connections(driver: tds.Driver) -> None:
    """A server that is frozen for good, and statements that cannot be stopped: all that asks later is told at once."""
    threads = Threads(8)
    release = threading.Event()
    asked = wired(1, driver, threads=threads)
    hang_in(asked, release)
    results = await asyncio.gather(*(asked.ask(question(within_s=0.1)) for _ in range(6)), return_exceptions=True)
    assert all(isinstance(each, CannotCollect) for each in results)
    assert asked.load.hanging == 2
    assert sum(threads.abandoned.values()) == 2
    with pytest.raises(CannotCollect, match="No connection to") as raised:
        await asked.ask(question(within_s=0.1))
    assert raised.value.seen == "2 of 2 hang"
    release.set()
    await until(lambda: asked.load.hanging == 0)


def hang_in(asked: Wired, release: threading.Event) -> None:
    """As Microsoft's driver does with TDS 8, whatever its login time-out is."""

    def hang(*_: object) -> None:
        assert release.wait(20)

    asked._open = hang  # type: ignore[method-assign,assignment]  # no server on loopback can make a driver hang


async def test_no_statement_that_rds_forbids_is_sent(
    server: tds.Serving, script: tds.Script, driver: tds.Driver
) -> None:
    with pytest.raises(Forbidden, match="xp_regread"):
        await wired(server, driver).ask(question(text="EXEC master.dbo.xp_regread 'HKEY'"))
    assert script.asked == []


async def test_what_is_idle_is_closed(server: tds.Serving, driver: tds.Driver) -> None:
    asked = wired(server, driver)
    await asked.ask(ONE)
    await asked.close()
    assert asked.load.connections == 0
