"""Whatever bytes come, a request has an end: it is understood, refused, or over; and no answer is more than one."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.redis.asking import Reply
from console.demo.redis.resp import LINE, Broken, Simple, answer, request
from tests.demo.redis.serving import serving

COUNTS = [
    b"*1",
    b"*3",
    b"*-1",
    b"*99999999999",
    b"*1048577",
    b"*",
    b"$3",
    b"$-1",
    b"$999999999",
    b"$0",
    b"$x",
    b":1",
    b"",
]
SAID = [b"GET\r\n", b"PING\r\n", b"\n", b"'", b'"a\\', b"\x00\xff"]
PIECES = st.sampled_from([*(each + b"\r\n" for each in COUNTS), *SAID])
HOSTILE = st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=12).map(b"".join)


async def all_of(raw: bytes) -> list[list[str]]:
    """Until nobody asks any more, or nothing can be understood."""
    reader, found = asyncio.StreamReader(limit=LINE), list[list[str]]()
    reader.feed_data(raw)
    reader.feed_eof()
    async with asyncio.timeout(5):
        while (words := await request(reader)) is not None:
            found.append(words)
    return found


@settings(deadline=None, max_examples=200)
@given(HOSTILE)
def test_whatever_comes_has_an_end(raw: bytes) -> None:
    with contextlib.suppress(Broken):
        found = asyncio.run(all_of(raw))
        assert sum(len(word) for words in found for word in words) <= len(raw)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.binary(max_size=20), min_size=1, max_size=4), max_size=5))
def test_what_is_asked_is_what_is_understood(asked: list[list[bytes]]) -> None:
    raw = b"".join(
        b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words) for words in asked
    )
    found = asyncio.run(all_of(raw))
    assert [[word.encode("utf-8", "surrogateescape") for word in words] for words in found] == asked


replies = st.recursive(
    st.one_of(st.none(), st.integers(-(2**40), 2**40), st.text(max_size=20), st.text(max_size=9).map(Simple)),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


@given(replies)
def test_an_answer_is_one_answer(reply: Reply) -> None:
    async def read() -> object:
        reader = asyncio.StreamReader()
        reader.feed_data(answer(reply))
        reader.feed_eof()
        return await parsed(reader)

    assert asyncio.run(read()) == plain(reply)


async def parsed(reader: asyncio.StreamReader) -> object:
    """As a client reads it; what is left over would be the next answer."""
    found = await one(reader)
    assert await reader.read() == b""
    return found


async def one(reader: asyncio.StreamReader) -> object:
    line = (await reader.readuntil(b"\r\n"))[:-2]
    kind, rest = line[:1], line[1:]
    match kind:
        case b"+":
            return rest.decode()
        case b":":
            return int(rest)
        case b"$":
            return None if rest == b"-1" else (await reader.readexactly(int(rest) + 2))[:-2].decode()
    assert kind == b"*"
    return [await one(reader) for _ in range(int(rest))]


def plain(reply: Reply) -> object:
    match reply:
        case Simple():
            return " ".join(reply.splitlines())
        case list():
            return [plain(each) for each in reply]
    return reply


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"*1\r\n:1\r\n", b"-ERR Protocol error: expected '$', got ':'\r\n"),
        (b"*99999999\r\n", b"-ERR Protocol error: invalid multibulk length\r\n"),
        (b"*1\r\n$99999999999\r\n", b"-ERR Protocol error: invalid bulk length\r\n"),
        (b"GET 'a\r\n", b"-ERR Protocol error: unbalanced quotes in request\r\n"),
        (b"x" * (2 * LINE) + b"\r\n", b"-ERR Protocol error: too big inline request\r\n"),
        (b"*0\r\nPING\r\n", b"+PONG\r\n"),
        (b"\r\n\r\nPING a\r\n", b"$1\r\na\r\n"),
    ],
)
async def test_what_is_not_understood_is_said_and_the_connection_closed(raw: bytes, said: bytes) -> None:
    async with serving() as play:
        told = await play.raw(raw)
        assert told == said or (len(raw) > LINE and not told)  # closed before all of it was read
        assert await play.raw(b"PING\r\n") == b"+PONG\r\n"


async def test_one_that_says_nothing_keeps_nobody_waiting() -> None:
    async with serving() as play:
        port = play.caches.port(next(iter(play.caches.known)))
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
        silent[0][1].write(b"*2\r\n$3\r\nGE")
        assert await play.raw(b"PING\r\n") == b"+PONG\r\n"
        for _, writer in silent:
            writer.close()
