"""Caches as AWS lists them, with real servers behind their names."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import redis

from collectors.aws.keys import Keys
from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.redis.wire.caches import Login, WiredCaches
from collectors.sqlserver.wire.servers import WiredServers
from collectors.threads import Threads
from console.actions.crafts import crafts
from console.actions.known import Value
from console.actions.plan import Target
from console.engine.acting.hands import LiveHands, Sources
from tests.actions.failovers.inside import Inside
from tests.actions.flushes.ground import Ground, Person
from tests.actions.given import TARGET
from tests.actions.recorded import Recorded
from tests.collectors.redis.looking import WHOLE_TIME
from tests.collectors.redis.looking import found as found_at

HERE = "eu-west-1:111122223333"
GROUP_ARN = f"arn:aws:elasticache:{HERE}:replicationgroup:sessions"
FLUSHABLE = [{"Key": "dbconsole:flushable", "Value": "true"}]
PLAIN = Login(kept="", flush_kept="env:FLUSH", flush_user="flusher", tls=False, budget=WHOLE_TIME)
ENVIRONMENT = {"FLUSH": "flushes", "READ": "reads"}
FLUSHER = ("ACL", "SETUSER", "flusher", "on", ">flushes", "~*", "-@all", "+info", "+select", "+scan", "+unlink",
           "+flushdb", "+flushall", "+client|setname")  # fmt: skip


def arn(name: str) -> str:
    return f"arn:aws:elasticache:{HERE}:cluster:{name}"


def target(name: str, scope: str) -> Target:
    return replace(
        TARGET, about=name, name=name, kind="cache", engine="redis", arn=arn(name), family=GROUP_ARN, scope=scope
    )


def shard(number: int, *members: str, roles: bool = True) -> dict[str, Any]:
    """The first is the primary; of clusters AWS does not tell which."""
    told = ("primary", *("replica",) * (len(members) - 1))
    listed = [
        {"CacheClusterId": name, **({"CurrentRole": role} if roles else {})}
        for name, role in zip(members, told, strict=True)
    ]
    return {"NodeGroupId": f"{number:04}", "Status": "available", "NodeGroupMembers": listed}


def listed(shards: Sequence[Mapping[str, Any]], **otherwise: Mapping[str, Any]) -> Recorded:
    """AWS as it answers where a flush is fine; ``otherwise``: whole answers by their operation."""
    node = {
        "CacheClusterId": "it",
        "CacheClusterStatus": "available",
        "ReplicationGroupId": "sessions" if shards else "",
    }
    group = {"ReplicationGroupId": "sessions", "ARN": GROUP_ARN, "Status": "available", "NodeGroups": list(shards)}
    made = {
        "SnapshotStatus": "available",
        "NodeSnapshots": [{"SnapshotCreateTime": datetime.now(UTC) - timedelta(hours=3)}],
    }
    answers: dict[str, Mapping[str, Any]] = {
        "DescribeCacheClusters": {"CacheClusters": [node]},
        "DescribeReplicationGroups": {"ReplicationGroups": [group]},
        "DescribeSnapshots": {"Snapshots": [made]},
        "ListTagsForResource": {"TagList": FLUSHABLE},
        **otherwise,
    }
    return Recorded(**answers)


def origin(now: datetime, cpu: float | None = 31.0) -> Inside:
    """Each cache stands before orders-primary."""
    inside = Inside()
    inside.of_origins = _Always()
    if cpu is not None:
        inside.values["orders-primary", "CPUUtilization"] = Value(cpu, now)
    return inside


class _Always(dict[str, tuple[str, ...]]):
    def get(self, *_: Any) -> tuple[str, ...]:
        return ("orders-primary",)


@dataclass
class Stage:
    ground: Ground
    person: Person
    hands: LiveHands


@asynccontextmanager
async def staged(
    folder: Path, ports: Mapping[str, int], aws: Recorded, *, login: Login = PLAIN, inside: Inside | None = None,
    environment: Mapping[str, str] | None = None, host: str = "127.0.0.1",
) -> AsyncIterator[Stage]:  # fmt: skip
    """``ports``: of each node, by its name."""

    def find(about: ResourceId) -> Found | None:
        return replace(found_at(about, ports[about], host), arn=arn(about)) if about in ports else None

    known = {**ENVIRONMENT, **(environment or {})}
    caches = WiredCaches([login], find, _no_aws, Threads(), time.monotonic, environment=known)
    servers = WiredServers([], find, _no_aws, Threads(), time.monotonic, environment={})
    hands = LiveHands(Sources(caches, servers, find, _no_aws, _no_keys, Threads(), known))
    ground = Ground(aws, folder)
    made = crafts(lambda *_: None, inside or origin(ground.now()), hands)
    person = Person(ground, made)
    try:
        yield Stage(ground, person, hands)
    finally:
        await person.desk.end()
        await caches.close()


def _no_aws(place: Place) -> NoReturn:
    raise CannotCollect(f"nobody asks AWS in {place}")


def _no_keys(place: Place, keys: Keys) -> NoReturn:
    raise AssertionError(f"nobody reads secrets in {place}")


def fill(port: int, keys: Mapping[str, int], *, ttl: int | None = 3600, database: int = 0) -> None:
    """So many keys of each prefix, in one journey for ten thousand."""
    with contextlib.closing(redis.Redis(port=port, db=database)) as client:
        for prefix, count in keys.items():
            for begin in range(0, count, 10_000):
                pipe = client.pipeline(transaction=False)
                for number in range(begin, min(count, begin + 10_000)):
                    pipe.set(f"{prefix}{number}", b"x" * 16, ex=ttl)
                pipe.execute()
