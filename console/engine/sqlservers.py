"""The SQL Servers that are looked into: asked by their own login, over the wire."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.database.load import Load
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe
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
        self._insiders = insiders(core, self.servers, profile)

    def list_is(self, found: Iterable[Found]) -> None:
        sql_servers = (each for each in found if each.kind == "instance" and "sqlserver" in each.engine)
        self._insiders.look_into(each.id for each in sql_servers if self.servers.is_asked(each))

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        return self.servers.loads

    @property
    def notice(self) -> Safe:
        """Of a certificate that nobody verifies: whoever looks should know."""
        return next((load.warning for load in self.loads.values() if load.warning), NO_TEXT)

    def retry(self, about: ResourceId | None) -> None:
        for each in self.servers.loads if about is None else (about,):
            self.servers.refresh(each)

    async def close(self) -> None:
        await self.servers.close()
