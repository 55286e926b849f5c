"""A viewer's own engine: hears one publisher, and serves its screens by the socket that every viewer knows."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time

from collectors.errors import Trouble
from collectors.safe import sanitise
from console import __version__
from console.leases import Leases
from console.mqtt.carrier import Dial
from console.protocol.bodies import Failure
from console.protocol.link import LinkClosed
from console.protocol.requests import Access, Requests
from console.protocol.scribe import plain
from console.protocol.serve import serve
from console.protocol.sockets import SocketLink, listen
from console.protocol.topics import REFUSED
from console.relay.hearing import Hearing, Way
from console.specs import RelaySpec

log = logging.getLogger(__name__)

LEASES_S = 0.25  # how often it is asked whether anybody looks
REFUSING_MAY_TAKE = 2.0


class RelayEngine:
    """`run` until no screen is left. One that comes before anything was heard waits for it, or is told that none is."""

    def __init__(self, spec: RelaySpec, way: Way, dial: Dial) -> None:
        self._spec = spec
        self._hearing = Hearing(way, dial, on_anew=self._hang_up)
        self._requests = Requests(self._hearing.asking)
        self._leases = Leases(started=time.monotonic())
        self._links: set[SocketLink] = set()
        self._leaving = asyncio.Event()

    def leave(self) -> None:
        """End soon, in order."""
        self._leaving.set()

    async def run(self) -> None:
        path = self._spec.sockets / "view.sock"
        server = await listen(path, 0o660, self._view)
        hearing = asyncio.create_task(self._hearing.run())
        log.info("relay %s at %s", os.getpid(), path)
        try:
            await self._until_over(hearing)
        finally:
            await self._hearing.asking.leave()
            hearing.cancel()
            await asyncio.wait({hearing})
            server.close()
            await self._hang_up()
            path.unlink(missing_ok=True)

    async def _until_over(self, hearing: asyncio.Task[None]) -> None:
        """A task that ends is a fault of ours: it ends the relay, and the guard starts another."""
        while not self._leaving.is_set():
            if self._leases.over(time.monotonic(), guarded=os.getppid() == self._spec.guard):
                return
            if hearing.done():
                hearing.result()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), LEASES_S)

    async def _view(self, link: SocketLink) -> None:
        self._leases = self._leases.taken()
        self._links.add(link)
        try:
            await self._hearing.ready.wait()
            if self._hearing.refusal is not None:
                await self._refuse(link, self._hearing.refusal)
                return
            await serve(link, self._hearing.hub, access=Access.VIEW, version=__version__, answer=self._requests)
        finally:
            self._links.discard(link)
            self._leases = self._leases.given_back(time.monotonic())

    async def _refuse(self, link: SocketLink, why: Trouble) -> None:
        failure = Failure(what=sanitise(why.what), seen=sanitise(why.seen), mend=sanitise(why.mend))
        with contextlib.suppress(LinkClosed, TimeoutError):
            async with asyncio.timeout(REFUSING_MAY_TAKE):
                await link.receive()  # its hello
                await link.send(*self._hearing.hub.aside(REFUSED, "refused", plain(failure)))
                await link.receive()  # until it has heard

    async def _hang_up(self) -> None:
        """They join again, and are told everything anew."""
        for link in list(self._links):
            await link.close()
