"""Where do the demo's SQL Servers listen? On loopback, each on a port of its own, for as long as the context lasts.

Without a certificate a server says in PRELOGIN that it knows no encryption, and drivers must be told `Encrypt=no`. The
demo has none: it would have to make a key, for which neither the standard library nor every machine has the means, and
nobody could trust it; and what goes over loopback here is invented. Whoever has a certificate may give it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from collectors.readings import ResourceId
from console.demo.tds.answering import Answerer
from console.demo.tds.faults import Faults
from console.demo.tds.session import House, serve
from console.demo.tds.tls import Certificate
from console.demo.tds.wire import Wire

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Listening:
    """One server: where it is, and what may be made to go wrong with it."""

    port: int
    faults: Faults


@asynccontextmanager
async def served(
    answerers: Mapping[ResourceId, Answerer], certificate: Certificate | None = None
) -> AsyncIterator[Mapping[ResourceId, Listening]]:
    """A server for each; at the end all connections are reset, whatever was under way on them."""
    async with AsyncExitStack() as stack:
        listening = {}
        for about, answerer in answerers.items():
            house = House(answerer, certificate)
            listening[about] = Listening(await stack.enter_async_context(listener(house)), house.faults)
        yield listening


@asynccontextmanager
async def listener(house: House, port: int = 0) -> AsyncIterator[int]:
    """One server; gives its port, a free one where none is named."""
    sessions: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
    is_shut = False

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if is_shut:  # it was taken at the last moment
            writer.transport.abort()
            return
        session = asyncio.ensure_future(serve(house, Wire(reader, writer)))
        sessions[session] = writer
        session.add_done_callback(sessions.pop)

    server = await asyncio.start_server(begin, LOOPBACK, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        is_shut, writers = True, list(sessions.values())
        for session in list(sessions):
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
        for writer in writers:  # whoever was cancelled before its first step has closed nothing
            writer.transport.abort()
        await server.wait_closed()
