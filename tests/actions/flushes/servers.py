"""Real servers for flushes, as several tests share them, and what their statistics tell."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count as count_up
from itertools import islice
from pathlib import Path

import redis
from redis.crc import key_slot

from tests.actions.flushes.stage import FLUSHER, shard
from tests.rig.redis_pair import SLOTS, RedisServer, redis_cluster, redis_server

LRU = ("--maxmemory-policy", "allkeys-lru")
NAMES = ("sessions-0001-001", "sessions-0002-001", "sessions-0003-001")
SHARDS = [shard(n, name, roles=False) for n, name in enumerate(NAMES, 1)]


@contextmanager
def three_shards(folder: Path) -> Iterator[tuple[RedisServer, ...]]:
    with redis_cluster(folder, 3, *LRU, "--cluster-require-full-coverage", "no") as made:
        for server in made:
            server.say(*FLUSHER)
        yield made


@contextmanager
def alone(folder: Path) -> Iterator[RedisServer]:
    with redis_server(folder, *LRU) as made:
        made.say(*FLUSHER)
        yield made


def ports_of(cluster: Sequence[RedisServer]) -> dict[str, int]:
    return dict(zip(NAMES, (server.port for server in cluster), strict=True))


def calls(*servers: RedisServer) -> list[tuple[int, int]]:
    """Of FLUSHDB and FLUSHALL, on each."""
    return [(count(server, "flushdb"), count(server, "flushall")) for server in servers]


def count(server: RedisServer, command: str) -> int:
    told = server.told("commandstats").get(f"cmdstat_{command}")
    return int(told["calls"]) if told else 0


def gained(before: Sequence[tuple[int, int]], *servers: RedisServer) -> list[tuple[int, int]]:
    return [(a[0] - b[0], a[1] - b[1]) for a, b in zip(calls(*servers), before, strict=True)]


def keys(server: RedisServer) -> dict[str, int]:
    """By database."""
    return {name: told["keys"] for name, told in server.told("keyspace").items()}


def fill_shard(cluster: Sequence[RedisServer], number: int, many: int, prefix: str = "session:") -> None:
    """With keys whose slots are that shard's."""
    theirs = (f"{prefix}{n}" for n in count_up() if key_slot(f"{prefix}{n}".encode()) * len(cluster) // SLOTS == number)
    with contextlib.closing(redis.Redis(port=cluster[number].port)) as client:
        pipe = client.pipeline(transaction=False)
        for key in islice(theirs, many):
            pipe.set(key, "x", ex=3600)
        pipe.execute()
