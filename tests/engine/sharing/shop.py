"""An engine's core with an estate of three, shared at a real broker; and somebody who listens there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from collectors.clock import RealClock
from collectors.safe import Safe, sanitise
from console.engine.core import Core, Identity
from console.engine.sharing.sharing import Sharing
from console.mqtt.address import Broker
from console.mqtt.aiomqtt_carrier import dialler
from console.mqtt.carrier import Carrier, Heard
from console.mqtt.opening import Opening
from console.mqtt.opening import Sharing as Opened
from console.mqtt.signing import Keys, Signer
from console.protocol.bodies import Ack, Command, Event
from console.protocol.codec import decode, encode, read
from console.protocol.message import Message
from console.protocol.requests import Access, Requests, Said
from console.protocol.scribe import Scribe, plain
from console.protocol.together import Presence
from console.protocol.ulid import ulid

ESTATE = "shop"
PATIENCE_S = 50.0
DIAL = dialler()


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def signer() -> Signer:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    return Signer(Ed25519PrivateKey.generate())


@dataclass
class There(Opening):
    """A broker that is there."""

    opened: Opened

    async def open(self) -> Opened:
        return self.opened

    async def close(self) -> None:
        """It stays."""


@dataclass
class Shop:
    """``asked``: what the engine was asked to do, and how it is proved by whom."""

    core: Core = field(default_factory=lambda: Core(Identity(ESTATE, "live"), RealClock()))
    asked: list[tuple[str, Access, str]] = field(default_factory=list)
    signer: Signer | None = field(default_factory=signer)
    people: Keys = field(default_factory=Keys)

    def __post_init__(self) -> None:
        self.core.publisher.introduce()
        for name in ("lee", "kim", "a b/c"):
            self.here(name)

    def here(self, name: str) -> None:
        body = Presence(user=sanitise(name), role="view", since=1, heard=now_ms())
        self.core.teller.state("presence", name, body=body)

    def left(self, name: str) -> None:
        self.core.teller.state("presence", name, body=None)

    def happened(self, text: str) -> None:
        self.core.teller.told(Event(text=Safe(text), source=Safe("test"), t=now_ms()))

    async def _handle(self, command: Command, access: Access, user: str) -> Said | None:
        self.asked.append((command.name, access, user))
        return None

    @asynccontextmanager
    async def shared(self, broker: Broker) -> AsyncIterator[Sharing]:
        """Until the end, at which it leaves in order."""
        requests = Requests(self._handle)
        opening = There(Opened(broker, self.signer, self.people))
        made = Sharing(self.core, requests, broker.url, opening, DIAL)
        life = asyncio.create_task(made.live())
        try:
            yield made
        finally:
            life.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await life
            await made.end()

    @property
    def notice(self) -> str:
        told = self.core.sharing()
        return told.shared or told.notices[0]

    async def until(self, holds: Callable[[], bool], what: object = "") -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - nothing tells when it does
                await asyncio.sleep(0.02)


@dataclass
class Listener:
    """Whoever hears the broker, and keeps the last of each topic. ``all``: in the order in which it came."""

    carrier: Carrier
    all: list[Heard] = field(default_factory=list)
    last: dict[str, Heard] = field(default_factory=dict)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            heard = aiter(self.carrier.heard())
            while not holds():
                one = await anext(heard)
                self.all.append(one)
                self.last[one.topic.removeprefix(f"dbo/v1/{ESTATE}/")] = one

    def said(self, path: str) -> Message | None:
        """What was last said on a topic."""
        heard = self.last.get(path)
        return None if heard is None or not heard.payload else decode(heard.topic, heard.payload)

    def is_gone(self, path: str) -> bool:
        return path in self.last and not self.last[path].payload

    async def ask(self, user: str, name: str, by: Signer | None = None, **args: object) -> str:
        """Its id."""
        message = request(user, name, **args)
        await self.send(message if by is None else by.sign(message))
        return str(message.body["id"])

    async def send(self, message: Message, *, retain: bool = False) -> None:
        await self.carrier.publish(message.topic, encode(message), retain=retain, assured=True)

    def ack(self, asked: str) -> Ack | None:
        for heard in self.all:
            message = decode(heard.topic, heard.payload) if "/ack/" in heard.topic else None
            if message is not None and message.body["id"] == asked:
                return read(Ack, message)
        return None


def request(user: str, name: str, **args: object) -> Message:
    scribe = Scribe(ESTATE, user, "01E", now_ms)
    command = Command(id=sanitise(ulid(now_ms(), os.urandom(10))), name=sanitise(name), args=args)
    return scribe.write("cmd", user, body=plain(command))


@asynccontextmanager
async def listening(broker: Broker, *paths: str) -> AsyncIterator[Listener]:
    async with DIAL(replace(broker, user="listener"), None) as carrier:
        await carrier.subscribe([f"dbo/v1/{ESTATE}/{path}" for path in paths or ("#",)])
        yield Listener(carrier)
