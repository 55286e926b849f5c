"""Which collectors does a Redis or Valkey have?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from collectors.collector import Collector
from collectors.readings import ResourceId
from collectors.redis.asking import Caches
from collectors.redis.condition import CacheCondition
from collectors.redis.latency import LatencySpikes
from collectors.redis.replica_lag import RedisLag
from collectors.redis.slow_log import SlowCommands

COLLECTORS = (RedisLag, CacheCondition, SlowCommands, LatencySpikes)


def collectors(caches: Caches, now: Callable[[], datetime]) -> list[Collector[ResourceId]]:
    """One of each."""
    return [kind(caches, now) for kind in COLLECTORS]
