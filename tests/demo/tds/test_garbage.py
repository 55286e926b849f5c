"""Whatever comes in at the port: it hurts neither the server nor anybody else on it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.database.rows import Rows
from console.demo.tds.answering import Login
from console.demo.tds.calls import calls_of
from console.demo.tds.fields import Fields, Garbled
from console.demo.tds.handshake import Encryption, options_of, prelogin
from console.demo.tds.login import login_of
from console.demo.tds.packets import Kind, packets
from tests.demo.tds.raw import IN_THE_CLEAR, NO_HEADERS, dialled, logged_in, login7, message, until_closed
from tests.rig.tds import PASSWORD, USER, Script, Serving, serving

SELECT = packets(Kind.BATCH, NO_HEADERS + "SELECT 1".encode("utf-16-le"))
LOGIN7 = login7(Login(USER), PASSWORD)

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
bytes_ = st.binary(max_size=400)


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    with serving(Script(lambda asked: [Rows(("n",), ((1,),))])) as running:
        yield running


@few
@given(bytes_)
@example(b"\x12\x01\xff\xff\0\0\0\0")  # a packet that never comes
@example(b"\x12\x01\x00\x07\0\0\0\0")  # shorter than its own header
@example(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")  # TLS, where there is no certificate
@example(b"GET / HTTP/1.1\r\n\r\n")
@example(packets(Kind.PRELOGIN, b"\xff"))
@example(packets(Kind.PRELOGIN, b"\x00\x00\x06\xff\xff\xff"))
@example(packets(Kind.LOGIN, LOGIN7))
@example(IN_THE_CLEAR + packets(Kind.LOGIN, LOGIN7[:50]))
@example(IN_THE_CLEAR + packets(Kind.LOGIN, LOGIN7[:36] + b"\xff" * 58))
@example(IN_THE_CLEAR + SELECT)
@example(IN_THE_CLEAR + packets(Kind.LOGIN, LOGIN7)[:30])
def test_whoever_does_not_log_in_is_sent_away(server: Serving, data: bytes) -> None:
    with logged_in(server.port) as other, dialled(server.port) as line:
        line.sendall(data)
        until_closed(line)
        other.sendall(SELECT)
        assert message(other)


@few
@given(st.sampled_from([*Kind, 0, 0xFF]), bytes_, st.booleans())
@example(Kind.BATCH, b"\xff\xff\xff\xff", True)
@example(Kind.BATCH, b"", False)
@example(Kind.BATCH, b"a", True)  # half a character
@example(Kind.RPC, b"\xff\xff\x0d\0\0\0", True)  # sp_prepexec with nothing
@example(Kind.RPC, b"\xff\xff\x0c\0\0\0\0\0\x26\4\4\x09\0\0\0", True)  # a handle that was never given
@example(Kind.RPC, b"\xff\xff\x0a\0\0\0\0\0\x26\4\4\x09\0\0\0", True)  # a number for a statement
@example(Kind.TRANSACTION, b"\x09\0", True)
@example(Kind.ATTENTION, b"", False)
def test_whoever_is_in_and_talks_nonsense_hurts_nobody_else(
    server: Serving, kind: int, data: bytes, has_headers: bool
) -> None:
    with logged_in(server.port) as other, logged_in(server.port) as line:
        line.sendall(packets(kind, (NO_HEADERS if has_headers else b"") + data))
        until_closed(line)
        other.sendall(SELECT)
        assert message(other)


def test_a_message_that_never_ends_is_not_kept_for_ever(server: Serving) -> None:
    """The server goes before all of it has come."""
    packet = struct.pack(">BBHHBB", Kind.BATCH, 0, 32767, 0, 0, 0) + bytes(32767 - 8)
    with logged_in(server.port) as line, pytest.raises(OSError, match=r"reset|Broken pipe"):
        line.sendall(packet * 4000)


def test_attention_is_answered_even_when_nothing_was_asked(server: Serving) -> None:
    with logged_in(server.port) as line:
        for _ in range(3):
            line.sendall(packets(Kind.ATTENTION, b""))
            assert message(line) == struct.pack("<BHHQ", 0xFD, 0x20, 0, 0)
        line.sendall(SELECT)
        assert len(message(line)) > 20


def test_what_comes_while_a_statement_runs_is_answered_after_it(server: Serving) -> None:
    with logged_in(server.port) as line:
        line.sendall(SELECT * 5)
        replies = [message(line) for _ in range(5)]
        assert len(set(replies)) == 1


@given(bytes_)
@example(b"")
def test_reading_ends_in_a_value_or_in_the_one_error(data: bytes) -> None:
    for read in (options_of, login_of, lambda data: list(calls_of(Fields(data)))):
        with suppress(Garbled):
            read(data)


@given(st.integers(0, len(LOGIN7) - 1), st.integers(0, 255))
def test_a_login_with_one_wrong_byte_is_read_or_refused(at: int, byte: int) -> None:
    with suppress(Garbled):
        login_of(LOGIN7[:at] + bytes([byte]) + LOGIN7[at + 1 :])


@given(st.integers(0, 60))
def test_half_a_prelogin_is_none(count: int) -> None:
    whole = prelogin(Encryption.ON)
    if count < len(whole) and whole[:count].find(b"\xff") < 0:
        with pytest.raises(Garbled):
            options_of(whole[:count])
