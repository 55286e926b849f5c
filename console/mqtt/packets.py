"""MQTT 3.1.1 on the wire, as far as somebody must understand it who stands at a broker's door. Pure."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CONNECT, CONNACK, PUBLISH, PUBREL, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT = 1, 2, 3, 6, 8, 10, 12, 14
PUBACK = 4
LEVEL = 4  # MQTT 3.1.1 says so of itself
_WILL, _CLEAN, _RESERVED, _NAMED, _PASSWORD = 0x04, 0x02, 0x01, 0x80, 0x40
_NOWHERE = "#/"  # a filter that every broker refuses


class MalformedError(ValueError):
    """These bytes are no such packet."""


@dataclass(frozen=True, slots=True)
class Connect:
    """What a client says of itself."""

    level: int
    client: str
    keep_alive: int
    is_clean: bool
    will: tuple[str, bytes, int] | None = None  # topic, payload, and its flags as they are sent
    user: str | None = None
    password: bytes | None = None

    def packed(self) -> bytes:
        """The packet."""
        flags = (_CLEAN if self.is_clean else 0) | (self.will[2] | _WILL if self.will else 0)
        flags |= (_NAMED if self.user is not None else 0) | (_PASSWORD if self.password is not None else 0)
        body = _text("MQTT") + struct.pack("!BBH", self.level, flags, self.keep_alive) + _text(self.client)
        if self.will:
            body += _text(self.will[0]) + _data(self.will[1])
        if self.user is not None:
            body += _text(self.user)
        if self.password is not None:
            body += _data(self.password)
        return packet(CONNECT << 4, body)


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    @property
    def is_over(self) -> bool:
        return self._at == len(self._body)

    def take(self, count: int) -> bytes:
        taken = self._body[self._at : self._at + count]
        if len(taken) < count:
            raise MalformedError("it ends too soon")
        self._at += count
        return taken

    def number(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def data(self) -> bytes:
        return self.take(self.number())

    def text(self) -> str:
        try:
            return self.data().decode()
        except UnicodeError:
            raise MalformedError("a text is not UTF-8") from None


def packet(first: int, body: bytes) -> bytes:
    """With its length before it."""
    left, length = len(body), bytearray()
    while True:
        left, digit = left >> 7, left & 0x7F
        length.append(digit | (0x80 if left else 0))
        if not left:
            return bytes((first,)) + bytes(length) + body


def read_connect(body: bytes) -> Connect:
    """Raises `MalformedError`. Of a later version only the level is believed."""
    reader = _Reader(body)
    name, level, flags = reader.text(), reader.take(1)[0], reader.take(1)[0]
    keep_alive = reader.number()
    if name != "MQTT" or level != LEVEL:
        return Connect(level if name == "MQTT" else 0, "", keep_alive, is_clean=True)
    if flags & _RESERVED or (flags & _PASSWORD and not flags & _NAMED):
        raise MalformedError("its flags contradict each other")
    client = reader.text()
    will = (reader.text(), reader.data(), flags & 0x38) if flags & _WILL else None
    user = reader.text() if flags & _NAMED else None
    password = reader.data() if flags & _PASSWORD else None
    if not reader.is_over:
        raise MalformedError("something follows its end")
    return Connect(level, client, keep_alive, bool(flags & _CLEAN), will, user, password)


def topic_of(body: bytes) -> str:
    """Of a PUBLISH."""
    return _Reader(body).text()


def read_filters(body: bytes) -> tuple[int, list[str]]:
    """The number of a SUBSCRIBE and its filters."""
    reader = _Reader(body)
    number, filters = reader.number(), []
    while not reader.is_over:
        filters.append(reader.text())
        if reader.take(1)[0] > 2:
            raise MalformedError("there is no such quality of service")
    if not filters:
        raise MalformedError("it asks for nothing")
    return number, filters


def subscribe(number: int, filters: Sequence[str], may: Callable[[str], bool]) -> bytes:
    """A SUBSCRIBE at most once each; in place of a filter that may not be had stands one that a broker refuses."""
    asked = (_text(each if may(each) else _NOWHERE) + b"\0" for each in filters)
    return packet(SUBSCRIBE << 4 | 2, struct.pack("!H", number) + b"".join(asked))


def _text(text: str) -> bytes:
    return _data(text.encode())


def _data(data: bytes) -> bytes:
    return struct.pack("!H", len(data)) + data
