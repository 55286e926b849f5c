"""What a driver asks, and what comes back: the same through both of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from collectors.database.rows import Rows
from collectors.safe import Safe
from console.demo.tds.answering import Asked, Login, TdsError
from tests.rig.tds import (
    DRIVERS,
    FREETDS,
    NOTHING_MORE,
    PASSWORD,
    USER,
    Answer,
    Script,
    connected,
    driver,
    fetched,
    numbers,
    serving,
)

if TYPE_CHECKING:
    import pyodbc

each_driver = pytest.mark.parametrize("name", DRIVERS)


@contextmanager
def asking(
    name: str, answer: Answer | None = None, told: Mapping[str, str] = NOTHING_MORE, *, autocommit: bool = True
) -> Iterator[tuple[Script, pyodbc.Connection]]:
    known, script = driver(name), Script(answer)
    with serving(script) as server, connected(known, server, told, autocommit=autocommit) as connection:
        yield script, connection


def echo(asked: Asked) -> Sequence[Rows]:
    return [Rows(tuple(f"p{number}" for number in range(len(asked.arguments))), (asked.arguments,))]


def given(*values: object) -> Answer:
    return lambda asked: [Rows(("value",), tuple((value,) for value in values))]


@each_driver
def test_a_statement_comes_as_it_was_sent_with_who_sends_it(name: str) -> None:
    told = {"APP": "dbconsole", "Database": "orders", "ApplicationIntent": "ReadOnly"}
    with asking(name, told=told) as (script, connection):
        assert fetched(connection, "/* dbconsole:waits */ SELECT 1 -- é😀") == [(1,)]
    (asked,) = script.asked
    assert (asked.text, asked.arguments) == ("/* dbconsole:waits */ SELECT 1 -- é😀", ())
    assert asked.login == Login(USER, asked.login.host, "dbconsole", "orders", read_only=True)
    assert asked.login.host
    assert PASSWORD not in repr(asked)


@each_driver
def test_arguments_are_bound_and_the_tag_stays_in_front(name: str) -> None:
    with asking(name, echo) as (script, connection):
        values = (7, None, "é😀", "", b"\0\xff", Decimal("-12.50"), 2.5, True, 2**40, None)
        statement = f"/* dbconsole:x */ SELECT {', '.join('?' * len(values))}"
        for _ in range(3):
            assert fetched(connection, statement, *values) == [values]
        assert script.asked[-1].text.startswith("/* dbconsole:x */ SELECT @P1, @P2")
        assert script.asked[-1].arguments == values


@each_driver
def test_times_are_bound(name: str) -> None:
    with asking(name, echo) as (_, connection):
        values = (datetime(2026, 2, 28, 23, 59, 59, 123457), date(1900, 1, 1), datetime(9999, 12, 31))
        assert fetched(connection, "SELECT ?, ?, ?", *values) == [values]


@each_driver
def test_the_same_statement_again_with_other_arguments(name: str) -> None:
    with asking(name, echo) as (script, connection), connection.cursor() as cursor:
        for number in range(20):
            (row,) = cursor.execute("SELECT ?, ?", number, "x" * number).fetchall()
            assert tuple(row) == (number, "x" * number)
        cursor.executemany("INSERT ?", [(number,) for number in range(5)])
        assert [asked.arguments for asked in script.asked[-5:]] == [(number,) for number in range(5)]


@each_driver
@pytest.mark.parametrize("length", [4000, 4001, 20_000, 300_000])
def test_long_texts_go_both_ways(name: str, length: int) -> None:
    with asking(name, echo) as (_, connection):
        text = ("abcdefg😀" * length)[:length]
        assert fetched(connection, "SELECT ?, ?", text, 1) == [(text, 1)]


@each_driver
def test_thousands_of_rows_over_many_packets(name: str) -> None:
    rows = tuple((number, f"row {number}", None if number % 3 else number / 7) for number in range(5_000))
    with asking(name, lambda asked: [Rows(("n", "text", "real"), rows)]) as (_, connection):
        assert fetched(connection, "SELECT") == list(rows)
        assert fetched(connection, "SELECT ?", 1) == list(rows)


@each_driver
def test_result_sets_come_in_their_order_empty_ones_too(name: str) -> None:
    sets = [Rows(("a", "b")), Rows(("c",), (("x",), (None,))), Rows(()), Rows(("d",), ((1.5,),))]
    with asking(name, lambda asked: sets) as (_, connection), connection.cursor() as cursor:
        for arguments in ((), (1,)):
            cursor.execute("SELECT ?" if arguments else "SELECT", *arguments)
            seen = [(tuple(column[0] for column in cursor.description or ()), cursor.fetchall())]
            while cursor.nextset():
                rows = cursor.fetchall() if cursor.description else []
                seen.append((tuple(column[0] for column in cursor.description or ()), rows))
            told = [(columns, [tuple(row) for row in rows]) for columns, rows in seen if columns]
            assert told == [(rows.columns, list(rows.values)) for rows in sets if rows.columns]


@each_driver
def test_a_statement_without_a_result(name: str) -> None:
    with asking(name, lambda asked: []) as (_, connection), connection.cursor() as cursor:
        for arguments in ((), (1,)):
            cursor.execute("GRANT ?" if arguments else "GRANT", *arguments)
            assert cursor.description is None


LONDON = timezone(timedelta(hours=1))
COLUMNS: list[tuple[tuple[object, ...], type]] = [
    ((True, None, False), bool),
    ((-(2**31), None, 2**31 - 1, True), int),
    ((-(2**63), None, 2**63 - 1), int),
    ((2**63, None, -(10**38) + 1), Decimal),
    ((-1.5e300, None, 3, 5e-324), float),
    ((Decimal("1.5"), None, Decimal("-0.000000001"), 12, Decimal("9E+3"), Decimal("-0.00")), Decimal),
    (("", None, "a\0b", "é😀" * 2000), str),
    ((Safe("told"), "as text", None), str),
    (("", None, "é😀" * 3000), str),
    ((b"", None, bytes(range(256))), bytes),
    ((b"", None, bytes(9000)), bytes),
    ((datetime(1, 1, 1), None, datetime(9999, 12, 31, 23, 59, 59, 999999), date(2026, 1, 2)), datetime),
    ((date(1, 1, 1), None, date(9999, 12, 31)), date),
    ((UUID(int=1), None, UUID(int=2**128 - 1)), UUID),
    ((None, None), type(None)),
]


@each_driver
@pytest.mark.parametrize(("values", "kind"), COLUMNS)
def test_every_type_comes_as_it_was_with_its_nulls(name: str, values: tuple[object, ...], kind: type) -> None:
    with asking(name, given(*values)) as (_, connection):
        for arguments in ((), (1,)):
            statement = "SELECT ?" if arguments else "SELECT"
            seen = [value for (value,) in fetched(connection, statement, *arguments)]
            assert seen == [_as_fetched(value, kind) for value in values]
            if kind is not UUID:
                assert {type(value) for value in seen} == {kind, type(None)}


def _as_fetched(value: object, kind: type) -> object:
    if isinstance(value, UUID):
        return str(value).upper()
    if kind is datetime and type(value) is date:
        return datetime(value.year, value.month, value.day)
    return value


@each_driver
def test_a_time_with_a_zone_is_told_in_utc(name: str) -> None:
    times = (datetime(2026, 7, 1, 12, tzinfo=LONDON), datetime(2026, 7, 1, 12, tzinfo=UTC))
    with asking(name, given(*times)) as (_, connection):
        assert fetched(connection, "SELECT") == [(datetime(2026, 7, 1, 11),), (datetime(2026, 7, 1, 12),)]


@each_driver
@pytest.mark.parametrize("values", [(1, "x"), (Decimal(1), 1.5), (Decimal("NaN"),), (10**38,), (object(),)])
def test_what_no_column_can_hold_is_an_error_and_not_half_an_answer(name: str, values: tuple[object, ...]) -> None:
    with asking(name, given(*values)) as (script, connection):
        with pytest.raises(Exception, match=r"column value.*\(50000\)"):
            fetched(connection, "SELECT")
        script.answer_by = given(1)
        assert fetched(connection, "SELECT") == [(1,)]


@each_driver
@pytest.mark.parametrize("number", [208, 50000, 137, 2812])
def test_after_an_error_the_connection_goes_on(name: str, number: int) -> None:
    def answer(asked: Asked) -> Sequence[Rows]:
        if "wrong" in asked.text:
            raise TdsError(number, "It is wrong: é😀.")
        return [Rows(("one",), ((1,),))]

    with asking(name, answer) as (_, connection):
        for statement, arguments in (("wrong", ()), ("wrong ?", (1,))):
            with pytest.raises(Exception, match="It is wrong: é😀") as refused:
                fetched(connection, statement, *arguments)
            assert number in numbers(refused.value)
            assert fetched(connection, "SELECT ?", 2) == fetched(connection, "SELECT") == [(1,)]


@each_driver
def test_a_fault_of_the_answerer_is_told_to_the_client(name: str) -> None:
    def answer(asked: Asked) -> Sequence[Rows]:
        raise KeyError("no such tag")

    with asking(name, answer) as (_, connection), pytest.raises(Exception, match="KeyError: 'no such tag'"):
        fetched(connection, "SELECT")


@each_driver
def test_a_wrong_password_is_18456(name: str) -> None:
    with pytest.raises(Exception, match="Login failed for user 'dbconsole_ro'") as refused:
        asking(name, told={"PWD": "guess", "APP": "dbconsole"}).__enter__()
    assert 18456 in numbers(refused.value)


@each_driver
def test_what_drivers_send_by_themselves_reaches_nobody(name: str) -> None:
    with asking(name) as (script, connection):
        fetched(connection, "SELECT ?", "x")
        connection.execute("SET LOCK_TIMEOUT 1000; SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED").close()
        assert [asked.text for asked in script.asked] == ["SELECT @P1"]


@each_driver
def test_transactions_begin_and_end(name: str) -> None:
    with asking(name, autocommit=False) as (script, connection):
        for end in (connection.commit, connection.rollback, connection.commit):
            assert fetched(connection, "SELECT") == [(1,)]
            end()
        connection.autocommit = True
        assert fetched(connection, "SELECT") == [(1,)]
        assert [asked.text for asked in script.asked] == ["SELECT"] * 4


@each_driver
def test_a_procedure_that_is_not_there(name: str) -> None:
    with asking(name) as (_, connection):
        with pytest.raises(Exception, match="Could not find stored procedure") as refused:
            connection.execute("{CALL sp_who_knows(?)}", 1)
        assert 2812 in numbers(refused.value)
        assert fetched(connection, "SELECT") == [(1,)]


@each_driver
def test_thirty_connections_at_once(name: str) -> None:
    known, script, all_in = driver(name), Script(echo), threading.Barrier(30)
    seen: dict[int, object] = {}

    def one(number: int) -> None:
        with connected(known, server) as connection:
            all_in.wait(30)
            seen[number] = fetched(connection, "SELECT ?", number)

    with serving(script) as server:
        threads = [threading.Thread(target=one, args=(number,)) for number in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert seen == {number: [(number,)] for number in range(30)}


def test_a_small_packet_is_enough() -> None:
    with asking(FREETDS, echo, {"Packet Size": "512"}) as (_, connection):
        assert fetched(connection, "SELECT ?", "x" * 3000) == [("x" * 3000,)]
