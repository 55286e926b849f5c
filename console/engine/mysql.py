"""The MySQL and MariaDB servers that are looked into: asked by their own login, over the wire."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.database.load import Load
from collectors.mysql.all import collectors
from collectors.mysql.wire.servers import WiredServers
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe
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
        asking = collectors(self._servers, core.clock.now)
        self._insiders = Insiders(core.schedule, asking, lambda name: profiles.every(profile, name))

    def list_is(self, found: Iterable[Found]) -> None:
        there = {each.id for each in found if _speaks(each) and self._servers.is_asked(each)}
        self._insiders.look_into(there)
        self._servers.keep(there)

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        return self._servers.loads

    @property
    def notice(self) -> Safe:
        """Of a certificate that nobody verifies: whoever looks should know."""
        return next((load.warning for load in self.loads.values() if load.warning), NO_TEXT)

    def retry(self, about: ResourceId | None) -> None:
        for each in self._servers.loads if about is None else (about,):
            self._servers.refresh(each)

    async def close(self) -> None:
        await self._servers.close()


def _speaks(found: Found) -> bool:
    """Whether it is of this family, whatever engines a login is for; Aurora's too where one names them."""
    return found.kind == "instance" and any(word in found.engine for word in ("mysql", "mariadb"))
