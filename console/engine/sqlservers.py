"""The SQL Servers that are looked into: asked by their own login, over the wire."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.readings import ResourceId
from collectors.sqlserver.wire.servers import WiredServers
from collectors.threads import Threads
from console import profiles
from console.engine.family import Family
from console.engine.insiders import insiders
from profiles.model import Profile

if TYPE_CHECKING:
    from console.engine.core import Core


class SqlServers(Family):
    def __init__(
        self,
        core: Core,
        profile: Profile,
        find: Callable[[ResourceId], Found | None],
        reader: Callable[[Place], Reader],
    ) -> None:
        self.servers = WiredServers(profiles.logins(profile), find, reader, Threads(), time.monotonic)
        super().__init__(self.servers)
        self._insiders = insiders(core, self.servers, profile)

    def speaks(self, found: Found) -> bool:
        return found.kind == "instance" and "sqlserver" in found.engine

    def list_is(self, found: Iterable[Found]) -> None:
        sql_servers = filter(self.speaks, found)
        self._insiders.look_into(each.id for each in sql_servers if self.servers.is_asked(each))
