"""What stands between a client and the embedded broker: one connection, from its first byte to its end.

amqtt looks at a password late: before that, it lets whoever names another's client id take its session over; it asks
nobody about a will or about what is retained, waits for ever for who reads nothing, and keeps no keep-alive. So each
packet is looked at here, and amqtt hears of nobody who was not let in.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import ssl
import time
from dataclasses import replace

from amqtt.adapters import ReaderAdapter, WriterAdapter

from console.mqtt import packets
from console.mqtt.embedded_rights import (
    MOST_SUBSCRIPTIONS,
    NO_SUCH_VERSION,
    Guest,
    Passwords,
    admit,
    may_hear,
    may_publish,
    may_subscribe,
)
from console.mqtt.packets import MalformedError

log = logging.getLogger(__name__)

MOST_BYTES = 128 * 1024  # of a packet, as with AWS IoT Core
MOST_OF_A_STRANGER = 2_048
CONNECTING_MAY_TAKE_S = 5.0
TAKING_MAY_TAKE_S = 10.0  # who takes nothing for longer is cut off
PACKETS_PER_S, AT_ONCE = 100.0, 300.0  # of a viewer; what comes faster waits in the viewer's own socket
_REFUSED_V5 = bytes((0x20, 3, 0, 0x84, 0))  # in MQTT 5's own words
_HEARD = {packets.PUBACK, packets.UNSUBSCRIBE, packets.PINGREQ, packets.DISCONNECT}


class TurnedAwayError(Exception):
    """The connection ends here; why, for the log."""


async def let_in(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passwords: Passwords
) -> tuple[Guest, bytes]:
    """Who it is, and a CONNECT for the broker: without a password, under a client id that nobody can know."""
    try:
        async with asyncio.timeout(CONNECTING_MAY_TAKE_S):
            _, body = await _packet(reader, MOST_OF_A_STRANGER, begins=packets.CONNECT << 4)
    except TimeoutError:
        raise TurnedAwayError("it said nothing") from None
    connect = packets.read_connect(body)
    found = admit(connect, passwords)
    if isinstance(found, Guest):
        mine = replace(connect, client=secrets.token_hex(12), password=None, keep_alive=0)
        return found, mine.packed()
    is_later = found == NO_SUCH_VERSION and connect.level > packets.LEVEL
    writer.write(_REFUSED_V5 if is_later else bytes((packets.CONNACK << 4, 2, 0, found)))
    raise TurnedAwayError(f"refused with code {found}")


class Incoming(ReaderAdapter):  # type: ignore[misc]  # amqtt says nothing of its types
    """What a guest says, packet by packet, as far as it may be said."""

    def __init__(
        self, guest: Guest, connect: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._guest = guest
        self._reader = reader
        self._writer = writer
        self._left = connect
        self._subscribed: set[str] = set()
        self._room, self._counted = AT_ONCE, time.monotonic()

    async def read(self, n: int = -1) -> bytes:
        try:
            while len(self._left) < n:
                self._left += await self._next()
        except (TurnedAwayError, MalformedError) as turned:
            log.info("%s is sent away: %s", self._guest.name, turned)
            return b""  # as if it had gone
        taken, self._left = self._left[:n], self._left[n:]
        return taken

    def feed_eof(self) -> None:
        self._reader.feed_eof()

    async def _next(self) -> bytes:
        await self._pace()
        try:
            async with asyncio.timeout(1.5 * self._guest.keep_alive):
                first, body = await _packet(self._reader, MOST_BYTES)
        except TimeoutError:
            raise TurnedAwayError("it said nothing for longer than its keep-alive") from None
        kind = first >> 4
        if kind == packets.PUBLISH:
            return self._publish(first, body)
        if kind == packets.SUBSCRIBE:
            return self._subscribe(body)
        if kind not in _HEARD:
            raise TurnedAwayError(f"a packet of kind {kind}")
        return packets.packet(first, body)

    def _publish(self, first: int, body: bytes) -> bytes:
        topic, quality, is_retained = packets.topic_of(body), first >> 1 & 3, first & 1
        if quality > 1:
            raise TurnedAwayError("QoS 2")
        if may_publish(self._guest, topic) and (self._guest.is_collector or not is_retained):
            return packets.packet(first, body)
        log.debug("%s may not publish to %a%s", self._guest.name, topic[:80], ", retained" if is_retained else "")
        if quality:  # MQTT 3.1.1 has no other answer
            number = body[2 + len(topic.encode()) :][:2]
            self._writer.write(packets.packet(packets.PUBACK << 4, number))
        return b""

    def _subscribe(self, body: bytes) -> bytes:
        number, filters = packets.read_filters(body)
        self._subscribed.update(filters)
        if len(self._subscribed) > MOST_SUBSCRIPTIONS:
            raise TurnedAwayError(f"more than {MOST_SUBSCRIPTIONS} subscriptions")
        return packets.subscribe(number, filters, lambda asked: may_subscribe(self._guest, asked))

    async def _pace(self) -> None:
        if self._guest.is_collector:
            return
        now = time.monotonic()
        self._room = min(AT_ONCE, self._room + (now - self._counted) * PACKETS_PER_S) - 1
        self._counted = now
        if self._room < 0:
            await asyncio.sleep(-self._room / PACKETS_PER_S)


class Outgoing(WriterAdapter):  # type: ignore[misc]  # amqtt says nothing of its types
    """What a guest hears. amqtt writes one whole packet at a time."""

    def __init__(self, guest: Guest, writer: asyncio.StreamWriter) -> None:
        self._guest = guest
        self._writer = writer

    def write(self, data: bytes) -> None:
        if self._writer.is_closing():
            raise ConnectionResetError
        if data[0] >> 4 != packets.PUBLISH or may_hear(self._guest, _topic(data)):
            self._writer.write(data)

    async def drain(self) -> None:
        transport = self._writer.transport
        if not transport.get_write_buffer_size():
            return
        try:
            async with asyncio.timeout(TAKING_MAY_TAKE_S):
                await self._writer.drain()
        except TimeoutError:
            log.info("%s is cut off: it takes nothing", self._guest.name)
            transport.abort()
            raise ConnectionResetError from None

    def get_peer_info(self) -> tuple[str, int]:
        return "guest", 0

    def get_ssl_info(self) -> ssl.SSLObject | None:
        return None

    async def close(self) -> None:
        await close(self._writer)


async def close(writer: asyncio.StreamWriter) -> None:
    """In order where the other side takes part in that."""
    writer.close()
    try:
        async with asyncio.timeout(1.0):
            await writer.wait_closed()
    except TimeoutError:
        writer.transport.abort()
    except OSError:
        pass


async def _packet(reader: asyncio.StreamReader, most: int, begins: int | None = None) -> tuple[int, bytes]:
    try:
        first, length, shift = (await reader.readexactly(1))[0], 0, 0
        if begins not in (None, first):
            raise TurnedAwayError("it did not begin with CONNECT")
        while True:
            digit = (await reader.readexactly(1))[0]
            length |= (digit & 0x7F) << shift
            shift += 7
            if not digit & 0x80:
                break
            if shift > 21:
                raise TurnedAwayError("a length that cannot be")
        if length > most:
            raise TurnedAwayError(f"a packet of {length} bytes")
        return first, await reader.readexactly(length)
    except (asyncio.IncompleteReadError, OSError):
        raise TurnedAwayError("it has gone") from None


def _topic(data: bytes) -> str:
    """Of a PUBLISH with its length before it."""
    at = 1
    while data[at] & 0x80:
        at += 1
    with contextlib.suppress(MalformedError):
        return packets.topic_of(data[at + 1 :])
    return ""
