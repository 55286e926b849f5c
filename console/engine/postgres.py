"""The PostgreSQLs that are looked into: asked by their own login, over the wire."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.database.kept import Safes
from collectors.postgres.all import collectors, collectors_of_aurora
from collectors.postgres.wire.servers import WiredServers
from collectors.readings import ResourceId
from collectors.threads import Threads
from console import profiles
from console.engine.family import Family
from console.engine.insiders import Insiders
from profiles.model import Profile

if TYPE_CHECKING:
    from console.engine.core import Core

ENGINE, AURORA = "postgres", "aurora-postgresql"


class Postgres(Family):
    def __init__(
        self,
        core: Core,
        profile: Profile,
        find: Callable[[ResourceId], Found | None],
        reader: Callable[[Place], Reader],
    ) -> None:
        safes = Safes(reader, Threads(), os.environ)
        self.servers = WiredServers(profiles.postgres_logins(profile), find, safes, time.monotonic)
        super().__init__(self.servers)
        now, every = core.clock.now, partial(profiles.every, profile)
        self._insiders = {
            ENGINE: Insiders(core.schedule, collectors(self.servers, now), every),
            AURORA: Insiders(core.schedule, collectors_of_aurora(self.servers, now), every),
        }

    def speaks(self, found: Found) -> bool:
        return found.kind in ("instance", "cluster") and found.engine in self._insiders

    def list_is(self, found: Iterable[Found]) -> None:
        there = [each for each in found if each.kind == "instance" and self.speaks(each)]
        self.servers.name_them(there)
        for engine, insiders in self._insiders.items():
            insiders.look_into(each.id for each in there if each.engine == engine and self.servers.is_asked(each))
