"""How are messages cut into packets, and put together again?"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from console.demo.tds.fields import Fields, Garbled
from console.demo.tds.wire import Wire

HEADER = 8
SMALLEST, USUAL, LARGEST = 512, 4096, 32767
LONGEST_MESSAGE = 16 << 20
LAST = 0x01
IGNORED = 0x02
FLUSHED = 1 << 15  # bytes that a reply gathers before it sends


class Kind(IntEnum):
    BATCH = 1
    RPC = 3
    REPLY = 4
    ATTENTION = 6
    BULK = 7
    TRANSACTION = 14
    LOGIN = 16
    PRELOGIN = 18


@dataclass(frozen=True, slots=True)
class Message:
    kind: int
    data: bytes
    ignored: bool = False
    """The client took it back while it sent it; nothing is to be done but to say so."""


async def message_of(wire: Wire) -> Message:
    """The next one; raises `Garbled` for what is none, before it is believed how long it would be."""
    data = bytearray()
    kind = None
    while True:
        came, status, length = struct.unpack(">BBH", (await wire.read(HEADER))[:4])
        if kind is None:
            kind = came
            if kind not in Kind.__members__.values():
                raise Garbled(f"packets of type {kind} are not known")
        if came != kind or length < HEADER or len(data) + length > LONGEST_MESSAGE:
            raise Garbled("no such packet is due")
        data += await wire.read(length - HEADER)
        if status & LAST:
            return Message(kind, bytes(data), bool(status & IGNORED))


def without_headers(data: bytes) -> Fields:
    """ALL_HEADERS stands before batches, calls and transaction requests, and says how long it is."""
    fields = Fields(data)
    fields.take(fields.number(4) - 4)
    return fields


def packet(kind: int, number: int, data: bytes, *, last: bool) -> bytes:
    header = struct.pack(">BBHHBB", kind, LAST if last else 0, HEADER + len(data), 0, number & 0xFF, 0)
    return header + data


def packets(kind: int, data: bytes, size: int = USUAL) -> bytes:
    """A whole message."""
    room = size - HEADER
    starts = range(0, max(len(data), 1), room)
    cut = ((number, data[start : start + room], start + room >= len(data)) for number, start in enumerate(starts, 1))
    return b"".join(packet(kind, number, part, last=last) for number, part, last in cut)


class Reply:
    """One message to the client that grows: what is put into it goes out in whole packets, so that it may be any size.

    Where a task is cancelled while it sends, the reply still ends with the last thing that was put whole.
    """

    def __init__(self, wire: Wire, size: int) -> None:
        self._wire = wire
        self._room = size - HEADER
        self._gathered = bytearray()
        self._sent = 0
        self.ended = False

    def put(self, data: bytes) -> None:
        self._gathered += data

    @property
    def is_full(self) -> bool:
        return len(self._gathered) >= FLUSHED

    async def flush(self) -> None:
        """What makes whole packets. A byte at least stays behind, for the last packet."""
        self._cut(len(self._gathered) - 1)
        await self._wire.drain()

    async def end(self) -> None:
        self._cut(len(self._gathered) - 1)
        self._wire.write(packet(Kind.REPLY, self._sent + 1, bytes(self._gathered), last=True))
        self.ended = True
        await self._wire.drain()

    async def break_off(self) -> None:
        """All that was put, in a packet that promises more."""
        self._cut(len(self._gathered) - 1)
        whole = packet(Kind.REPLY, self._sent + 1, bytes(self._gathered).ljust(self._room, b"\0"), last=False)
        self._wire.write(whole[: HEADER + len(self._gathered)])
        await self._wire.drain()

    def _cut(self, upto: int) -> None:
        out = bytearray()
        start = 0
        while start + self._room <= upto:
            self._sent += 1
            part = bytes(self._gathered[start : start + self._room])
            out += packet(Kind.REPLY, self._sent, part, last=False)
            start += self._room
        if out:
            del self._gathered[:start]
            self._wire.write(bytes(out))
