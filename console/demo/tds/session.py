"""One client from its first byte to its last: who is let in, what is asked, and what happens while it is answered."""

from __future__ import annotations

import asyncio
import ssl
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum

from console.demo.tds import login as door
from console.demo.tds import tokens
from console.demo.tds.answering import Answerer, Login
from console.demo.tds.calls import Prepared, calls_of
from console.demo.tds.faults import BadCertificate, Faults, Silent, WrongPassword
from console.demo.tds.fields import Garbled, text_of
from console.demo.tds.handshake import Greeting, greet
from console.demo.tds.packets import Kind, Message, Reply, message_of, packets, without_headers
from console.demo.tds.statements import Dropped, Froze, Statements
from console.demo.tds.tls import Certificate
from console.demo.tds.wire import Wire

LOGIN_S = 30.0  # for whoever knocks and does not say who it is
BEGINS_ANOTHER = 1


class Request(IntEnum):
    """Of the transaction manager."""

    BEGIN = 5
    COMMIT = 7
    ROLLBACK = 8


@dataclass(frozen=True, slots=True)
class House:
    """What all sessions of one server share."""

    answerer: Answerer
    certificate: Certificate | None = None
    required: bool = False
    faults: Faults = field(default_factory=Faults)


async def serve(house: House, wire: Wire) -> None:
    """Until the client goes, or is sent away; what it sends cannot make this raise."""
    try:
        with suppress(EOFError, OSError, ssl.SSLError, Garbled):
            await _session(house, wire)
    except Dropped:
        wire.reset()
    except asyncio.CancelledError:
        wire.reset()
        raise
    finally:
        wire.close()


async def _session(house: House, wire: Wire) -> None:
    if house.faults.of_connection(Silent):
        await wire.ignore()
        return
    async with asyncio.timeout(LOGIN_S):
        conversation = await _let_in(house, wire)
    if conversation is None:
        return
    try:
        await conversation.go_on()
    except Froze:
        await wire.ignore()


async def _let_in(house: House, wire: Wire) -> Conversation | None:
    """With whoever may come in. The password ends here."""
    bad = house.faults.of_connection(BadCertificate)
    greeting = await greet(wire, bad.certificate if bad else house.certificate, required=house.required)
    came = await _who(wire, greeting)
    if house.faults.of_connection(WrongPassword) or not house.answerer.admits(came.login, came.password):
        wire.write(packets(Kind.REPLY, door.refused(came.login)))
        return None
    wire.write(packets(Kind.REPLY, door.admitted(came)))
    return Conversation(house, wire, came.login, came.packet_size)


async def _who(wire: Wire, greeting: Greeting) -> door.AtTheDoor:
    message = await message_of(wire)
    if message.kind != Kind.LOGIN:
        raise Garbled("a login is due")
    if greeting.login_only:
        wire.tls = None
    return door.login_of(message.data)


class Conversation:
    """Question and answer, one at a time; what comes in between is listened for, as it may be attention."""

    def __init__(self, house: House, wire: Wire, login: Login, packet_size: int) -> None:
        self._wire = wire
        self._packet_size = packet_size
        self._statements = Statements(house.answerer, house.faults, login)
        self._prepared = Prepared()
        self._transactions = 0

    async def go_on(self) -> None:
        listening = asyncio.ensure_future(message_of(self._wire))
        try:
            while True:
                message = await listening
                listening = asyncio.ensure_future(message_of(self._wire))
                await self._meet(message, listening)
        finally:
            listening.cancel()
            await asyncio.wait([listening])
            if not listening.cancelled():
                listening.exception()  # it was heard in `_meet`, or comes too late to matter

    async def _meet(self, message: Message, listening: asyncio.Future[Message]) -> None:
        reply = Reply(self._wire, self._packet_size)
        if message.kind == Kind.ATTENTION or message.ignored:
            reply.put(tokens.done(tokens.ATTENTION if message.kind == Kind.ATTENTION else 0))
            await reply.end()
            return
        answering = asyncio.ensure_future(self._answer(message, reply))
        try:
            await asyncio.wait({answering, listening}, return_when=asyncio.FIRST_COMPLETED)  # type: ignore[type-var]
            if listening.done() and (listening.exception() or listening.result().kind == Kind.ATTENTION):
                answering.cancel()
            await asyncio.wait([answering])
        finally:
            answering.cancel()
            await asyncio.wait([answering])
        if not answering.cancelled():
            await answering
        elif not reply.ended and not listening.exception():
            # A message of its own, before attention's: in one with it, drivers take the statement for a success.
            reply.put(tokens.done())
            await reply.end()

    async def _answer(self, message: Message, reply: Reply) -> None:
        match message.kind:
            case Kind.BATCH:
                text = text_of(without_headers(message.data).rest())
                await self._statements.batch(text, reply)
            case Kind.RPC:
                calls = list(calls_of(without_headers(message.data)))
                for number, call in enumerate(calls, 1):
                    await self._statements.call(call, self._prepared, reply, last=number == len(calls))
            case Kind.TRANSACTION:
                reply.put(self._transaction(message.data))
            case _:
                raise Garbled(f"a message of type {message.kind} is not due")
        await reply.end()

    def _transaction(self, data: bytes) -> bytes:
        """Only counted: nothing here is ever changed."""
        fields = without_headers(data)
        request = fields.number(2)
        match request:
            case Request.BEGIN:
                return self._begun() + tokens.done()
            case Request.COMMIT | Request.ROLLBACK:
                what = tokens.Changed.COMMITTED if request == Request.COMMIT else tokens.Changed.ROLLED_BACK
                fields.take(fields.number(1))  # its name
                ended = tokens.changed_bytes(what, old=self._transaction_id())
                again = self._begun() if fields and fields.number(1) & BEGINS_ANOTHER else b""
                return ended + again + tokens.done()
        raise Garbled(f"transaction request {request} is not known")

    def _begun(self) -> bytes:
        self._transactions += 1
        return tokens.changed_bytes(tokens.Changed.BEGUN, self._transaction_id())

    def _transaction_id(self) -> bytes:
        return struct.pack("<Q", self._transactions)
