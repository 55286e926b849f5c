"""From a publisher to a viewer's screen, whatever lies between: a socket of this host, or a broker and a relay."""

from __future__ import annotations

import asyncio
import os
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from collectors.errors import Trouble
from console.mqtt.address import Broker
from console.mqtt.carrier import Carrier
from console.mqtt.embedded import EmbeddedBroker, Place
from console.mqtt.embedded_rights import COLLECTOR
from console.mqtt.signing import Keys, Signer
from console.protocol.bodies import Command
from console.protocol.client import Client
from console.protocol.codec import decode, encode, read
from console.protocol.hub import Hub
from console.protocol.message import Message
from console.protocol.requests import Access, Requests, Said
from console.protocol.scribe import Scribe
from console.protocol.serve import serve
from console.protocol.sockets import SocketLink, connect, listen
from console.protocol.topics import parse, topic
from console.relay.hearing import Way
from console.relay.relay import RelayEngine
from console.specs import RelaySpec, ShareOptions
from tests.protocol.said import ESTATE, VERSION, Publisher
from tests.relay.publishing import DIAL, EPOCH, Publishing, publishing, signer


class Asked:
    """What an engine would do: it takes notes, and refuses the lead."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, Access]] = []

    async def __call__(self, command: Command, access: Access, user: str) -> Said | None:
        self.seen.append((command.name, user, access))
        if command.name == "lead":
            raise Trouble("Ann leads.", seen="since 12:00", mend="Ask her.")
        return None


class Speaking(ABC):
    """An engine at its end of the line."""

    said: Publisher
    asked: Asked

    @abstractmethod
    async def say(self, message: Message) -> object: ...

    @abstractmethod
    async def delete(self, text: str) -> None: ...

    def began_again(self, epoch: str, started: int) -> None:
        self.said = Publisher(epoch=epoch, started=started)


class Line(ABC):
    """One way, for as many tests as there are."""

    user: str  # as the engine knows whoever views

    @abstractmethod
    def engine(self) -> AbstractAsyncContextManager[Speaking]: ...

    @abstractmethod
    def viewer(self, folder: Path) -> AbstractAsyncContextManager[Client]: ...


class _Local(Speaking):
    def __init__(self, hub: Hub) -> None:
        self.said, self.asked, self._hub = Publisher(epoch=EPOCH, started=2_000), Asked(), hub

    async def say(self, message: Message) -> None:
        self._hub.publish(message)

    async def delete(self, text: str) -> None:
        self._hub.delete(text)


class SocketLine(Line):
    def __init__(self, folder: Path, user: str) -> None:
        self.user, self._path = user, folder / "view.sock"

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[Speaking]:
        hub = Hub()
        speaking = _Local(hub)
        requests = Requests(speaking.asked)

        async def view(link: SocketLink) -> None:
            await serve(link, hub, access=Access.VIEW, version=VERSION, answer=requests)

        server = await listen(self._path, 0o660, view)
        try:
            yield speaking
        finally:
            server.close()

    @asynccontextmanager
    async def viewer(self, folder: Path) -> AsyncIterator[Client]:
        async with Client(await connect(self._path), "view", VERSION) as client:
            yield client


class _Far(Speaking):
    def __init__(self, publishing: Publishing) -> None:
        self.said, self.asked, self._publishing = publishing.said, Asked(), publishing

    async def say(self, message: Message) -> None:
        await self._publishing.say(message)

    async def delete(self, text: str) -> None:
        self._publishing.said = self.said
        await self._publishing.gone(text)


class Server(Protocol):
    """Knows the way to a broker."""

    def broker(self, user: str) -> Broker: ...


class BrokerLine(Line):
    """By a broker: ``engine`` and ``user`` are its users' names."""

    def __init__(self, server: Server, *, engine: str = "engine", user: str = "kim") -> None:
        self.user, self._server, self._engine, self._signer = user, server, engine, signer()

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[Speaking]:
        async with publishing(self._server.broker(self._engine), self._signer) as told:
            speaking = _Far(told)
            answering = asyncio.create_task(_answer(told.carrier, self._signer, Requests(speaking.asked)))
            try:
                yield speaking
            finally:
                answering.cancel()
                await asyncio.wait({answering})

    @asynccontextmanager
    async def viewer(self, folder: Path) -> AsyncIterator[Client]:
        way = Way(self._server.broker(self.user), Keys([self._signer.public]), self._signer)
        async with relayed(folder, way) as path, Client(await connect(path), "view", VERSION) as client:
            yield client


class _Own:
    """The broker of an engine, while there is one."""

    def __init__(self) -> None:
        self.running: EmbeddedBroker | None = None

    def broker(self, user: str) -> Broker:
        assert self.running is not None
        if user == COLLECTOR:
            return self.running.broker
        return Broker(*self.running.addresses[0], user, self.running.password_file.read_text().strip())


class EmbeddedLine(BrokerLine):
    """By a broker in the engine itself, which comes and goes with it."""

    def __init__(self, folder: Path) -> None:
        self._own, self._folder = _Own(), folder
        super().__init__(self._own, engine=COLLECTOR)

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[Speaking]:
        async with EmbeddedBroker(Place(port=0), self._folder) as self._own.running, super().engine() as speaking:
            yield speaking


@asynccontextmanager
async def relayed(folder: Path, way: Way) -> AsyncIterator[Path]:
    """A relay in this process, and its socket."""
    relay = RelayEngine(RelaySpec("", folder, None, os.getppid(), ShareOptions()), way, DIAL)
    running = asyncio.create_task(relay.run())
    path = folder / "view.sock"
    try:
        async with asyncio.timeout(20):
            while not path.is_socket():  # noqa: ASYNC110 - it is made when the relay begins
                await asyncio.sleep(0.01)
        yield path
    finally:
        relay.leave()
        await running


async def _answer(carrier: Carrier, signer: Signer, requests: Requests) -> None:
    """As an engine's own publisher: whose signature it is tells how far he is let in."""
    await carrier.subscribe([topic(ESTATE, "cmd") + "/+"])
    scribe = Scribe(ESTATE, "engine", EPOCH, lambda: 1)
    async for heard in carrier.heard():
        message = decode(heard.topic, heard.payload, retained=heard.is_retained)
        assert message is not None
        user = parse(heard.topic).rest[0]
        is_proved = Keys([signer.public]).whose(message) is not None
        access = Access.VIEW if is_proved else Access.UNPROVED
        ack = await requests.answer(read(Command, message), access, user)
        told = signer.sign(scribe.say(topic(ESTATE, "ack", user), "ack", ack))
        await carrier.publish(told.topic, encode(told), retain=False, assured=True)
