"""Which collectors does a Redis or Valkey have?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from collectors.collector import Collector
from collectors.readings import ResourceId
from collectors.redis.asking import Caches
from collectors.redis.replica_lag import RedisLag


def collectors(caches: Caches, now: Callable[[], datetime]) -> list[Collector[ResourceId]]:
    """One of each."""
    return [RedisLag(caches, now)]
