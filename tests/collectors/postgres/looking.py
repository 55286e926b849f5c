"""Real servers as the collector sees them: each look is one pass, on a connection of the test's own."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import NamedTuple

from collectors.database.secret import InEnvironment
from collectors.inside.replication import Link, Replication
from collectors.postgres.asking import Servers
from collectors.postgres.lag import Lag
from collectors.postgres.wire.target import Encryption, Target
from collectors.postgres.wire.wired import Wired
from collectors.readings import ReplicaLag, ResourceId
from collectors.safe import sanitise
from tests.rig.postgres import MONITOR, PASSWORD, Server


class Seen(NamedTuple):
    replication: Replication
    lag: ReplicaLag | None

    @property
    def upstream(self) -> Link:
        (link,) = self.replication.upstream
        return link

    def copy(self, name: str) -> Link:
        (link,) = (each for each in self.replication.downstream if each.copy == name)
        return link


def wired(server: Server, user: str = MONITOR, *, clock: float | None = None) -> Wired:
    target = Target("127.0.0.1", server.port, Encryption.OFF)
    secret = InEnvironment(user, "PASSWORD", {"PASSWORD": PASSWORD})
    return Wired(target, secret, time.monotonic if clock is None else lambda: clock, budget=1.0)


class Looks(Servers):
    """Those of a test, all asked by one collector, which remembers as it would in an engine."""

    def __init__(self, *servers: Server, user: str = MONITOR) -> None:
        self._wired = {resource(server.name): wired(server, user) for server in servers}
        self._lag = Lag(self, lambda: datetime.now(UTC))

    def of(self, about: ResourceId) -> Wired:
        return self._wired[about]

    def known_as(self, name: str) -> ResourceId | None:
        return resource(name) if resource(name) in self._wired else None

    async def at(self, server: Server) -> Seen:
        """One pass."""
        readings = [reading async for reading in self._lag.collect(resource(server.name))]
        (told,) = (each for each in readings if isinstance(each, Replication))
        return Seen(told, next((each for each in readings if isinstance(each, ReplicaLag)), None))

    async def close(self) -> None:
        for server in self._wired.values():
            await server.close()


def resource(name: str) -> ResourceId:
    return ResourceId(sanitise(name))
