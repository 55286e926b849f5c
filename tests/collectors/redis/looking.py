"""Real servers, looked at as the engine does: one refresh is one pass over each of them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NoReturn

from collectors.aws.known import Found
from collectors.aws.place import Account, Place
from collectors.errors import CannotCollect
from collectors.inside.replication import Link, Replication
from collectors.readings import ReplicaLag, ResourceId
from collectors.redis.replica_lag import RedisLag
from collectors.redis.wire.caches import Login, WiredCaches
from collectors.safe import Safe
from collectors.threads import Threads

WHOLE_TIME = 1.0  # tests ask fifty times as often as the schedule
PLACE = Place(Account(name="default"), "eu-west-1")


def resource(name: str) -> ResourceId:
    return ResourceId(Safe(name))


def found(name: str, port: int, host: str = "127.0.0.1") -> Found:
    return Found(
        id=resource(name),
        place=PLACE,
        kind="cache",
        engine="redis",
        name=name,
        arn="",
        namespace="AWS/ElastiCache",
        dimensions=(),
        endpoint=(host, port),
    )


@dataclass
class Seen:
    """What one refresh told of one node."""

    replication: Replication | None = None
    lag: ReplicaLag | None = None
    trouble: CannotCollect | None = None
    took_s: float = 0.0

    @property
    def up(self) -> Link:
        assert self.replication is not None
        (link,) = self.replication.upstream
        return link

    def down(self, copy: str) -> Link:
        assert self.replication is not None
        return next(link for link in self.replication.downstream if link.copy == copy)


@dataclass
class Looking:
    """`look` is one refresh, in the order in which the nodes are named."""

    ports: Mapping[str, int]
    caches: WiredCaches
    collector: RedisLag
    seen: dict[str, Seen] = field(default_factory=dict)

    async def look(self, *names: str) -> dict[str, Seen]:
        for name in names or self.ports:
            self.seen[name] = await self.pass_over(name)
        return self.seen

    async def pass_over(self, name: str) -> Seen:
        told, began = Seen(), time.monotonic()
        try:
            async for reading in self.collector.collect(resource(name)):
                if isinstance(reading, Replication):
                    told.replication = reading
                elif isinstance(reading, ReplicaLag):
                    told.lag = reading
        except CannotCollect as trouble:
            told.trouble = trouble
        told.took_s = time.monotonic() - began
        return told


@asynccontextmanager
async def looking(
    ports: Mapping[str, int],
    login: Login | None = None,
    *,
    host: str = "127.0.0.1",
    environment: Mapping[str, str] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncIterator[Looking]:
    """``ports``: of each node, by its name."""

    def find(about: ResourceId) -> Found | None:
        return found(about, ports[about], host) if about in ports else None

    logins = [login or Login(tls=False, budget=WHOLE_TIME)]
    caches = WiredCaches(logins, find, _no_aws, Threads(), clock, environment=environment or {})
    try:
        yield Looking(ports, caches, RedisLag(caches, lambda: datetime.now(UTC)))
    finally:
        await caches.close()


def _no_aws(place: Place) -> NoReturn:
    raise AssertionError(f"nobody asks AWS in {place}")
