"""Which collectors does a Redis or Valkey have?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from collectors.collector import Collector
from collectors.readings import ResourceId
from collectors.redis import condition, latency, replica_lag, slow_log
from collectors.redis.asking import Caches

COLLECTORS = (
    *(replica_lag.RedisLag, condition.CacheCondition),
    *(slow_log.SlowCommands, latency.LatencySpikes),
)
QUESTIONS = (replica_lag.ASKED, condition.ASKED, slow_log.ASKED, latency.ASKED)
"""All that these ask: what a login needs that may look, and no more."""


def collectors(caches: Caches, now: Callable[[], datetime]) -> list[Collector[ResourceId]]:
    """One of each."""
    return [kind(caches, now) for kind in COLLECTORS]
