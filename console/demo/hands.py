"""What reads and changes the embedded estate's caches and databases."""

from __future__ import annotations

from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.redis.asking import Cache, Caches
from collectors.redis.wire.target import Target as CacheTarget
from collectors.safe import sanitise
from collectors.sqlserver.asking import Server, Servers
from collectors.sqlserver.wire.target import Target as ServerTarget
from console.actions.hands import Hands, Way


class DemoHands(Hands):
    def __init__(self, caches: Caches, servers: Servers) -> None:
        self._caches, self._servers = caches, servers

    def cache(self, about: str) -> Cache:
        return self._caches.of(ResourceId(sanitise(about)))

    def server(self, about: str) -> Server:
        return self._servers.of(ResourceId(sanitise(about)))

    def way_to_cache(self, about: str) -> Way[CacheTarget]:
        raise CannotCollect("The demo has no way to change it yet.")

    def way_to_server(self, about: str) -> Way[ServerTarget]:
        raise CannotCollect("The demo has no way to change it yet.")
