"""What is written is read again: by our own reading, and by FreeTDS."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.database.rows import Rows
from console.demo.tds.answering import Login
from console.demo.tds.arguments import argument_of
from console.demo.tds.columns import CannotSend, column_of
from console.demo.tds.fields import Fields
from console.demo.tds.handshake import ENCRYPTION_OPTION, Encryption, encryption_of, options, options_of, prelogin
from console.demo.tds.login import login_of
from console.demo.tds.packets import HEADER, LARGEST, SMALLEST, USUAL, Message, Reply, message_of, packets
from console.demo.tds.prologue import is_only_sets, tag_of
from console.demo.tds.wire import Wire
from tests.demo.tds.raw import login7
from tests.rig.tds import FREETDS, Script, connected, driver, fetched, serving

if TYPE_CHECKING:
    import pyodbc

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
dates = st.dates(date(1, 1, 2))
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**25), max_value=10**25)


class Written:
    """Stands for the client's end: keeps what a server writes."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        self.data += data

    async def drain(self) -> None:
        return None


def read_again(data: bytes) -> Message:
    async def read() -> Message:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await message_of(Wire(reader, Written()))  # type: ignore[arg-type]

    return asyncio.run(read())


@given(st.binary(max_size=5000), st.integers(SMALLEST, LARGEST))
def test_a_message_cut_into_packets_is_the_same_message(data: bytes, size: int) -> None:
    cut = packets(18, data, size)
    assert read_again(cut).data == data
    at, sizes = 0, []
    while at < len(cut):
        sizes.append(struct.unpack_from(">H", cut, at + 2)[0])
        at += sizes[-1]
    assert at == len(cut)
    assert all(each == size for each in sizes[:-1])
    assert sizes[-1] > HEADER or not data


async def reply(parts: list[tuple[bytes, bool]], size: int) -> bytes:
    """What goes out when these are put into a reply, each with a flush after it or not."""
    written = Written()
    growing = Reply(Wire(asyncio.StreamReader(), written), size)  # type: ignore[arg-type]
    for part, flushed in parts:
        growing.put(part)
        if flushed:
            await growing.flush()
    await growing.end()
    return bytes(written.data)


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=30), st.integers(SMALLEST, 4096), st.data())
def test_a_reply_is_the_sum_of_what_was_put_wherever_it_was_flushed(
    parts: list[bytes], size: int, data: st.DataObject
) -> None:
    cut = asyncio.run(reply([(part, data.draw(st.booleans())) for part in parts], size))
    assert read_again(cut).data == b"".join(parts)
    at, numbers, length = 0, [], 0
    while at < len(cut):
        numbers.append(cut[at + 6])
        length = struct.unpack_from(">H", cut, at + 2)[0]
        at += length
    assert length > HEADER or not any(parts)
    assert numbers == [(number + 1) & 0xFF for number in range(len(numbers))]


def test_what_fills_its_packets_exactly_leaves_one_to_end_with() -> None:
    room = SMALLEST - HEADER
    cut = asyncio.run(reply([(b"x" * room, True), (b"y" * room, True)], SMALLEST))
    assert (len(cut), cut[1], cut[SMALLEST + 1]) == (2 * SMALLEST, 0, 1)


@given(st.dictionaries(st.integers(0, 0xFE), st.binary(max_size=60), max_size=8))
def test_prelogin_is_read_as_it_was_written(said: dict[int, bytes]) -> None:
    assert options_of(options(said)) == said


@given(st.sampled_from(Encryption))
def test_the_answer_of_prelogin_says_what_was_agreed(encryption: Encryption) -> None:
    assert encryption_of(options_of(prelogin(encryption))) is encryption
    assert options_of(prelogin(encryption))[ENCRYPTION_OPTION] == bytes([encryption])


@given(st.builds(Login, words, words, words, words, st.booleans()), words, st.just(0) | st.integers(0, 1 << 16))
def test_a_login_is_read_as_it_was_written(login: Login, password: str, packet_size: int) -> None:
    came = login_of(login7(login, password, packet_size=packet_size))
    assert (came.login, came.password) == (login, password)
    assert SMALLEST <= came.packet_size <= LARGEST
    assert came.packet_size == packet_size or not SMALLEST <= packet_size <= LARGEST
    assert packet_size or came.packet_size == USUAL
    assert repr(came) == f"AtTheDoor({login})"  # without the password


columns = st.one_of(
    st.lists(st.none() | st.booleans()),
    st.lists(st.none() | st.integers(-(2**31), 2**31 - 1)),
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)),
    st.lists(st.none() | st.integers(-(10**38) + 1, 10**38 - 1)),
    st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False)),
    st.lists(st.none() | decimals),
    st.lists(st.none() | texts),
    st.lists(st.none() | texts.map(lambda text: text * 50), max_size=5),
    st.lists(st.none() | st.binary(max_size=300)),
    st.lists(st.none() | st.binary(min_size=200, max_size=300).map(lambda data: data * 40), max_size=5),
    st.lists(st.none() | st.datetimes(datetime(1, 1, 2))),
    st.lists(st.none() | dates),
    st.lists(st.none() | st.uuids()),
)


@given(columns)
def test_a_value_is_read_as_it_was_written_by_the_reading_of_arguments(values: list[object]) -> None:
    """Both directions know the same types; this one does not depend on any driver."""
    column = column_of(values)
    for value in values:
        written = column.null if value is None else column.write(value)
        fields = Fields(b"\0\0" + column.described + written)
        assert argument_of(fields).value == value
        assert not fields


@given(st.lists(st.one_of(st.integers(), st.text(), st.booleans(), decimals, st.dates(), st.none(), st.floats())))
def test_any_mixture_has_a_type_or_is_refused(values: list[object]) -> None:
    try:
        column = column_of(values)
    except CannotSend:
        return
    for value in values:
        assert isinstance(column.null if value is None else column.write(value), bytes)


class Shown:
    """A server that gives what it is given, and FreeTDS that reads it."""

    def __init__(self, connection: pyodbc.Connection, script: Script) -> None:
        self._connection = connection
        self._script = script

    def through(self, rows: Rows) -> list[tuple[object, ...]]:
        self._script.answer_by = lambda asked: [rows]
        return fetched(self._connection, "SELECT")


@pytest.fixture(scope="module")
def freetds() -> Iterator[Shown]:
    known, script = driver(FREETDS), Script()
    with serving(script) as server, connected(known, server) as connection:
        yield Shown(connection, script)


def as_fetched(value: Any) -> object:
    return str(value).upper() if type(value).__name__ == "UUID" else value


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(columns, columns)
def test_rows_are_read_by_freetds_as_they_were_given(freetds: Shown, first: list[object], second: list[object]) -> None:
    rows = Rows(("first", "second"), tuple(zip(first, second, strict=False)))
    seen = freetds.through(rows)
    assert seen == [tuple(as_fetched(value) for value in row) for row in rows.values]


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("SET NOCOUNT ON", True),
        ("set quoted_identifier on set ansi_nulls on;", True),
        ("-- prologue\n/* of ours */ SET LOCK_TIMEOUT -1;\nSET DEADLOCK_PRIORITY LOW;", True),
        ("SET ANSI_NULLS, ANSI_PADDING ON; SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED", True),
        ("SET LANGUAGE us_english", True),
        ("", False),
        ("SETTING ON", False),
        ("SET NOCOUNT ON SELECT 1", False),
        ("SET NOCOUNT ON; SELECT 1", False),
        ("SET @a = 1", False),
        ("SELECT 1; SET NOCOUNT ON", False),
        ("/* SET NOCOUNT ON */ SELECT 1", False),
        ("SET NOCOUNT ON /* never closed", False),
        ("SET NOCOUNT ON -- " + "x" * 100_000 + "\nSELECT", False),
        ("SET A ON; " * 20_000 + "SELECT", False),
    ],
)
def test_what_does_nothing_but_set_options(text: str, only: bool) -> None:
    assert is_only_sets(text) is only


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc", "Zs"]), min_size=1))
def test_a_tag_is_read_as_it_is_written(name: str) -> None:
    assert tag_of(f"/* dbconsole:{name} */ SELECT 1") == name
    assert tag_of(f"SELECT /* dbconsole:{name} */ 1") == ""


def test_a_decimal_keeps_every_digit() -> None:
    values = [Decimal("12345678901234567890123456789012345.678"), Decimal("-0.001"), 10**30, None]
    column = column_of(values)
    read = [argument_of(Fields(b"\0\0" + column.described + column.write(each))).value for each in values if each]
    assert read == [each for each in values if each]
