"""The Redis and Valkey nodes that are looked into: asked by their own protocol, over the wire."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.readings import ResourceId
from collectors.redis.all import collectors
from collectors.redis.wire.caches import WiredCaches
from collectors.threads import Threads
from console import profiles
from console.engine.family import Family
from console.engine.insiders import Insiders
from profiles.model import Profile

if TYPE_CHECKING:
    from console.engine.core import Core


class RedisCaches(Family):
    def __init__(
        self,
        core: Core,
        profile: Profile,
        find: Callable[[ResourceId], Found | None],
        reader: Callable[[Place], Reader],
    ) -> None:
        self.caches = WiredCaches(profiles.redis_logins(profile), find, reader, Threads(), time.monotonic)
        super().__init__(self.caches)
        found = collectors(self.caches, core.clock.now)
        self._insiders = Insiders(core.schedule, found, partial(profiles.every, profile))

    def speaks(self, found: Found) -> bool:
        return found.kind == "cache" and found.engine in ("redis", "valkey")

    def list_is(self, found: Iterable[Found]) -> None:
        caches = (each for each in found if each.kind == "cache")
        self._insiders.look_into(each.id for each in caches if self.caches.is_asked(each))
