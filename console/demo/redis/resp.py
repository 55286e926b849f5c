"""What does a client ask, and how is an answer written? Redis' protocol, its second version, within bounds."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Sequence

from collectors.redis.asking import Reply

LINE = 64 * 1024
MOST_WORDS = 1024 * 1024
MOST_BYTES = 16 * 1024 * 1024  # of one request
NO_ANSWER = b"$-1\r\n"


class Simple(str):
    """A word of the server's own, such as OK."""

    __slots__ = ()


class Failure(Exception):  # noqa: N818 - an answer, as Redis words it
    """Its first word is the code."""


class Broken(Exception):  # noqa: N818 - as well
    """Nothing of what follows can be understood: it is said, and the connection is closed."""


async def request(reader: asyncio.StreamReader) -> list[str] | None:
    """The words of the next one; none of them where it is empty. None: nobody asks any more."""
    line = await _line(reader)
    if line is None:
        return None
    if not line.startswith(b"*"):
        return _inline(line)
    count = _number(line[1:], MOST_WORDS, "invalid multibulk length")
    words, left = [], MOST_BYTES
    for _ in range(count):
        word = await _word(reader, left)
        if word is None:
            return None
        left -= len(word)
        words.append(text(word))
    return words


async def _word(reader: asyncio.StreamReader, most: int) -> bytes | None:
    line = await _line(reader)
    if line is None:
        return None
    if not line.startswith(b"$"):
        raise Broken(f"expected '$', got '{text(line[:1])}'")
    length = _number(line[1:], most, "invalid bulk length")
    if length < 0:
        raise Broken("invalid bulk length")
    try:
        return (await reader.readexactly(length + 2))[:-2]
    except asyncio.IncompleteReadError:
        return None


async def _line(reader: asyncio.StreamReader) -> bytes | None:
    try:
        return (await reader.readuntil(b"\n")).rstrip(b"\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError:
        raise Broken("too big inline request") from None


def _number(said: bytes, most: int, otherwise: str) -> int:
    digits = said[1:] if said.startswith(b"-") else said
    if not digits.isdigit() or len(digits) > 10 or int(digits) > most:
        raise Broken(otherwise)
    return int(said)


def _inline(line: bytes) -> list[str]:
    """As somebody types it who has nothing but a terminal."""
    try:
        return shlex.split(text(line))
    except ValueError:
        raise Broken("unbalanced quotes in request") from None


def text(raw: bytes) -> str:
    """Bytes that are no UTF-8 come out again as they went in."""
    return raw.decode("utf-8", "surrogateescape")


def answer(reply: Reply) -> bytes:
    out: list[bytes] = []
    _write(reply, out)
    return b"".join(out)


def failure(words: str) -> bytes:
    return b"-" + _one_line(words) + b"\r\n"


def _write(reply: Reply, out: list[bytes]) -> None:
    match reply:
        case None:
            out.append(NO_ANSWER)
        case Simple():
            out.append(b"+" + _one_line(reply) + b"\r\n")
        case str():
            raw = reply.encode("utf-8", "surrogateescape")
            out.append(b"$%d\r\n%b\r\n" % (len(raw), raw))
        case int():
            out.append(b":%d\r\n" % reply)
        case Sequence():
            out.append(b"*%d\r\n" % len(reply))
            for each in reply:
                _write(each, out)


def _one_line(words: str) -> bytes:
    return " ".join(words.splitlines()).encode("utf-8", "surrogateescape")
