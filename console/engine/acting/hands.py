"""What reads and changes the caches and databases of a profile."""

from __future__ import annotations

from collectors.errors import CannotCollect
from collectors.redis.asking import Cache
from collectors.redis.wire.target import Target as CacheTarget
from collectors.sqlserver.asking import Server
from collectors.sqlserver.wire.target import Target as ServerTarget
from console.actions.hands import Hands, Way


class LiveHands(Hands):
    def cache(self, about: str) -> Cache:
        raise _not_yet()

    def server(self, about: str) -> Server:
        raise _not_yet()

    def way_to_cache(self, about: str) -> Way[CacheTarget]:
        raise _not_yet()

    def way_to_server(self, about: str) -> Way[ServerTarget]:
        raise _not_yet()


def _not_yet() -> CannotCollect:
    return CannotCollect("This release has no way to change it.")
