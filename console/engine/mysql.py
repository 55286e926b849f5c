"""The MySQL and MariaDB servers that are looked into: asked by their own login, over the wire."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.mysql.all import collectors
from collectors.mysql.wire.servers import WiredServers
from collectors.readings import ResourceId
from collectors.threads import Threads
from console import profiles
from console.engine.family import Family
from console.engine.insiders import Insiders
from profiles.model import Profile

if TYPE_CHECKING:
    from console.engine.core import Core


class MySqlServers(Family):
    def __init__(
        self,
        core: Core,
        profile: Profile,
        find: Callable[[ResourceId], Found | None],
        reader: Callable[[Place], Reader],
    ) -> None:
        self._servers = WiredServers(profiles.mysql_logins(profile), find, reader, Threads(), time.monotonic)
        super().__init__(self._servers)
        asking = collectors(self._servers, core.clock.now)
        self._insiders = Insiders(core.schedule, asking, lambda name: profiles.every(profile, name))

    def speaks(self, found: Found) -> bool:
        """Whatever engines a login is for; Aurora's too where one names them."""
        has_words = any(word in found.engine for word in ("mysql", "mariadb"))
        return found.kind in ("instance", "cluster") and has_words

    def list_is(self, found: Iterable[Found]) -> None:
        instances = (each for each in found if each.kind == "instance" and self.speaks(each))
        there = {each.id for each in instances if self._servers.is_asked(each)}
        self._insiders.look_into(there)
        self._servers.keep(there)
