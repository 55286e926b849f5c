"""Each fault as a client sees it: with its number, in its time, and over when it is over."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from collectors.database.rows import Rows
from console.demo.tds.answering import TdsError
from console.demo.tds.columns import METADATA
from console.demo.tds.faults import (
    DEADLOCK,
    LOCK_TIMEOUT,
    PERMISSION,
    DropMidRow,
    Fails,
    Frozen,
    Huge,
    Silent,
    Slow,
    WrongPassword,
)  # fmt: skip
from console.demo.tds.packets import HEADER, Kind, packets
from tests.demo.tds.raw import NO_HEADERS, logged_in
from tests.rig.tds import (
    DRIVERS,
    FREETDS,
    Driver,
    Script,
    Serving,
    connected,
    connection_string,
    driver,
    fetched,
    numbers,
    serving,
    state,
)  # fmt: skip

if TYPE_CHECKING:
    import pyodbc

each_driver = pytest.mark.parametrize("name", DRIVERS)
OURS = "/* dbconsole:waits */ SELECT"


@contextmanager
def running(name: str) -> Iterator[tuple[Driver, Serving, pyodbc.Connection]]:
    known = driver(name)
    rows = tuple((number, f"row {number}") for number in range(2000))
    script = Script(lambda asked: [Rows(("n", "text"), rows)])
    with serving(script) as server, connected(known, server) as connection:
        yield known, server, connection


@each_driver
def test_nobody_is_let_in(name: str) -> None:
    with running(name) as (known, server, connection):
        with server.faults.during(WrongPassword()):
            with pytest.raises(Exception, match="Login failed") as refused, connected(known, server):
                pass
            assert 18456 in numbers(refused.value)
            assert len(fetched(connection, OURS)) == 2000  # who is in stays in
        with connected(known, server):
            pass


@each_driver
@pytest.mark.parametrize(
    ("errors", "expected"),
    [(PERMISSION, {300, 297}), (PERMISSION[1:], {297}), (LOCK_TIMEOUT, {1222}), (DEADLOCK, {1205})],
    ids=["permission", "permission-297", "lock-timeout", "deadlock"],
)
@pytest.mark.parametrize("arguments", [(), (1,)], ids=["batch", "call"])
def test_refusals_have_their_numbers(
    name: str, errors: tuple[TdsError, ...], expected: set[int], arguments: tuple[int, ...]
) -> None:
    with running(name) as (_, server, connection):
        server.faults.set(Fails(PERMISSION, only="other"), Fails(errors, only="waits"))
        with pytest.raises(Exception, match=r"permission|Lock request|deadlock") as refused:
            fetched(connection, OURS + " ?" * len(arguments), *arguments)
        assert numbers(refused.value) & expected  # of several, FreeTDS shows the last, Microsoft's driver the first
        assert len(fetched(connection, "SELECT")) == 2000
        server.faults.set()
        assert len(fetched(connection, OURS)) == 2000


@each_driver
@pytest.mark.parametrize("after", [0, 1000, 10_000])
@pytest.mark.parametrize("arguments", [(), (1,)], ids=["batch", "call"])
def test_a_connection_that_breaks_within_a_row_gives_an_error_and_no_half_answer(
    name: str, after: int, arguments: tuple[int, ...]
) -> None:
    with running(name) as (known, server, connection), server.faults.during(DropMidRow(after, only="waits")):
        with connected(known, server) as falls:
            with pytest.raises(Exception) as broken:  # noqa: PT011 - drivers say it in many ways
                fetched(falls, OURS + " ?" * len(arguments), *arguments)
            assert state(broken.value) in {"08S01", "01000", "HY000"}
            with pytest.raises(Exception):  # noqa: B017, PT011 - likewise
                fetched(falls, "SELECT")
        assert len(fetched(connection, "SELECT")) == 2000
        with connected(known, server) as again:
            assert len(fetched(again, "SELECT")) == 2000


def test_what_breaks_off_is_no_whole_message() -> None:
    with serving(Script(lambda asked: [Rows(("n",), ((1,), (2,)))])) as server, logged_in(server.port) as line:
        server.faults.set(DropMidRow())
        line.sendall(packets(Kind.BATCH, NO_HEADERS + "SELECT".encode("utf-16-le")))
        said = b""
        with pytest.raises(ConnectionResetError):  # noqa: PT012 - it is to end so, after what it says
            while more := line.recv(4096):
                said += more
    last, length = struct.unpack_from(">xBH", said)
    assert (last, said[HEADER]) == (0, METADATA)
    assert length > len(said)


@each_driver
def test_a_slow_answer_comes(name: str) -> None:
    with running(name) as (_, server, connection), server.faults.during(Slow(0.3, only="waits")):
        began = time.monotonic()
        assert len(fetched(connection, OURS)) == 2000
        assert time.monotonic() - began >= 0.3


@each_driver
def test_a_server_that_says_nothing_is_given_up_at_the_login(name: str) -> None:
    import pyodbc  # noqa: PLC0415 - it needs unixODBC

    with running(name) as (known, server, connection):
        with server.faults.during(Silent()), pytest.raises(pyodbc.Error) as late:
            pyodbc.connect(connection_string(known, server.port), timeout=1)
        assert state(late.value) == "HYT00"
        assert len(fetched(connection, OURS)) == 2000


@each_driver
def test_a_frozen_server_answers_no_attention_either(name: str) -> None:
    """Both drivers say that it took too long, and neither can use the connection any more."""
    with running(name) as (known, server, _), connected(known, server) as connection:
        connection.timeout = 1
        with server.faults.during(Frozen(only="waits")):
            assert len(fetched(connection, "SELECT")) == 2000
            with pytest.raises(Exception, match=r"(?i)timeout expired") as late:
                fetched(connection, OURS)
            assert state(late.value) == "HYT00"
        with pytest.raises(Exception) as lost:  # noqa: PT011 - drivers say it in many ways
            fetched(connection, "SELECT")
        assert state(lost.value) == "08S01"


@each_driver
def test_a_huge_answer_arrives_whole(name: str) -> None:
    with running(name) as (_, server, connection), server.faults.during(Huge(20, only="waits")):
        rows = fetched(connection, OURS)
        assert {len(str(text)) for (text,) in rows} == {4000}
        assert len(rows) * 8000 > 19_900_000


def test_faults_of_a_tag_meet_no_other_statement() -> None:
    with running(FREETDS) as (_, server, connection):
        server.faults.set(Fails(DEADLOCK, only="waits"))
        for statement in ("SELECT '/* dbconsole:waits */'", "/* dbconsole:waits2 */ SELECT", "SELECT ?"):
            assert len(fetched(connection, statement, *([1] if "?" in statement else []))) == 2000
        with pytest.raises(Exception, match="1205"):
            fetched(connection, "/* dbconsole:waits */ SELECT")
