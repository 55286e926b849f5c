"""What reads and changes the embedded estate's caches and databases."""

from __future__ import annotations

from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.redis.asking import Cache
from collectors.redis.wire.target import Target as CacheTarget
from collectors.safe import sanitise
from collectors.sqlserver.asking import Server, Servers
from collectors.sqlserver.wire.target import Target as ServerTarget
from console.actions.hands import Hands, Narrowed, Way
from console.demo.redis.caches import ModelCaches
from console.demo.redis.server import HOST
from console.demo.redis.users import FLUSHER
from console.demo.reporting import Reports


class DemoHands(Hands):
    def __init__(self, caches: ModelCaches, servers: Servers, reports: Reports) -> None:
        self._caches, self._servers, self._reports = caches, servers, reports

    def cache(self, about: str) -> Cache:
        return self._caches.of(ResourceId(sanitise(about)))

    def server(self, about: str) -> Server:
        return self._servers.of(ResourceId(sanitise(about)))

    def way_to_cache(self, about: str) -> Way[CacheTarget]:
        """Over a real connection to the node's own port: as whoever may flush, and nobody else has that password."""
        port = self._caches.port(ResourceId(sanitise(about)))
        credentials = Credentials(FLUSHER, self._caches.password(FLUSHER))

        async def log_in(_: Narrowed) -> Credentials:
            return credentials

        target = CacheTarget(HOST, port, tls=False)
        return Way(target, sanitise(f"{FLUSHER} of the demo, at port {port} of this machine"), log_in)

    def way_to_server(self, about: str) -> Way[ServerTarget]:
        raise CannotCollect("The demo has no way to change it yet.")
