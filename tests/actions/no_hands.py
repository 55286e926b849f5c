"""Nobody's hands, for crafts that ask AWS alone."""

from __future__ import annotations

from collectors.errors import CannotCollect
from collectors.redis.asking import Cache
from collectors.redis.wire.target import Target as CacheTarget
from collectors.sqlserver.asking import Server
from collectors.sqlserver.wire.target import Target as ServerTarget
from console.actions.hands import Hands, Way


class NoHands(Hands):
    def cache(self, about: str) -> Cache:
        raise CannotCollect("nobody looks inside")

    def server(self, about: str) -> Server:
        raise CannotCollect("nobody looks inside")

    def way_to_cache(self, about: str) -> Way[CacheTarget]:
        raise CannotCollect("nobody changes it")

    def way_to_server(self, about: str) -> Way[ServerTarget]:
        raise CannotCollect("nobody changes it")
