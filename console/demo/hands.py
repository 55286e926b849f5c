"""What reads and changes the embedded estate's caches and databases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from collectors.database.credentials import Credentials
from collectors.database.rows import Rows
from collectors.readings import ResourceId
from collectors.redis.asking import Cache, Fields, Reply
from collectors.redis.asking import Question as CacheQuestion
from collectors.redis.wire.target import Target as CacheTarget
from collectors.safe import sanitise
from collectors.sqlserver.asking import Question, Server, Servers
from collectors.sqlserver.wire.target import Target as ServerTarget
from console.actions.hands import Hands, Narrowed, Way
from console.demo.redis.caches import ModelCaches
from console.demo.redis.server import HOST
from console.demo.redis.users import FLUSHER
from console.demo.reporting import Reports
from console.demo.sqlserver.entrances import Entrances

Heard = Callable[[], Awaitable[None]]
"""Returns once this process knows what was flushed before it began. Raises `CannotCollect` where nobody tells it."""


async def at_once() -> None:
    """For who plays alone."""


class HeardServer(Server):
    def __init__(self, server: Server, heard: Heard) -> None:
        self._server, self._heard = server, heard

    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        await self._heard()
        return await self._server.ask(question, *arguments)


class HeardCache(Cache):
    def __init__(self, cache: Cache, heard: Heard) -> None:
        self._cache, self._heard = cache, heard

    async def ask(self, question: CacheQuestion) -> Fields:
        await self._heard()
        return await self._cache.ask(question)

    async def read(self, question: CacheQuestion) -> tuple[Reply, ...]:
        await self._heard()
        return await self._cache.read(question)


class DemoHands(Hands):
    """What they read is what all of the play know."""

    def __init__(self, caches: ModelCaches, servers: Servers, reports: Reports, heard: Heard = at_once) -> None:
        self._caches, self._servers, self._heard = caches, servers, heard
        self._entrances = Entrances(servers, caches.model, caches.now, reports)

    def cache(self, about: str) -> Cache:
        return HeardCache(self._caches.of(ResourceId(sanitise(about))), self._heard)

    def server(self, about: str) -> Server:
        return HeardServer(self._servers.of(ResourceId(sanitise(about))), self._heard)

    def way_to_cache(self, about: str) -> Way[CacheTarget]:
        """Over a real connection to the node's own port: as whoever may flush, and nobody else has that password."""
        port = self._caches.port(ResourceId(sanitise(about)))
        credentials = Credentials(FLUSHER, self._caches.password(FLUSHER))

        async def log_in(_: Narrowed) -> Credentials:
            return credentials

        target = CacheTarget(HOST, port, tls=False)
        return Way(target, sanitise(f"{FLUSHER} of the demo, at port {port} of this machine"), log_in)

    def way_to_server(self, about: str) -> Way[ServerTarget]:
        """Over real TDS, though the demo itself asks in process: who has no driver may only look."""
        return self._entrances.way(ResourceId(sanitise(about)))
