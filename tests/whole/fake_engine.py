"""An engine of two resources on a view socket: it answers as ours does, and remembers what it was told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from console import __version__
from console.protocol.bodies import Command
from console.protocol.hub import Hub
from console.protocol.link import Link
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve
from console.protocol.sockets import SocketLink, listen
from tests.protocol.said import Publisher
from tests.whole.overheard import Overheard

RESOURCES = ("billing", "orders")


class Later(Link):
    """A link of an engine that speaks the next version of the protocol, and takes whatever comes."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def send(self, topic: str, payload: bytes) -> None:
        await self._link.send(topic, payload.replace(b'{"v":1,', b'{"v":2,', 1))

    async def receive(self) -> tuple[str, bytes]:
        return await self._link.receive()

    async def close(self) -> None:
        await self._link.close()


@asynccontextmanager
async def fake_engine(path: Path, version: str = __version__, *, later: bool = False) -> AsyncIterator[list[Overheard]]:
    """Serves at ``path``; the links of those who came. ``later``: its envelopes are of the next version."""
    hub = Hub()
    publisher = Publisher(hub)
    publisher.meta(*RESOURCES, version=version)
    publisher.status()
    for resource in RESOURCES:
        publisher.res(resource, {"cloudwatch.CPUUtilization": (40.0, 10_000), "wait.WRITELOG": (7.0, 10_000)})
    links: list[Overheard] = []

    async def answer(command: Command, access: Access, user: str) -> None:
        """Agrees to everything, so that nobody keeps anything back."""

    async def on_link(link: SocketLink) -> None:
        links.append(Overheard(link))
        spoken = Later(links[-1]) if later else links[-1]
        await serve(spoken, hub, access=Access.VIEW, version=version, answer=Requests(answer))

    server = await listen(path, 0o660, on_link)
    try:
        yield links
    finally:
        server.close()
        await server.wait_closed()
