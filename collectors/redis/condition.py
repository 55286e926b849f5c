"""How does a cache do? Asked of each node itself, as often as a person who waits for it would look."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta

from collectors.collector import Collector
from collectors.inside.cache import CacheUse
from collectors.readings import Metric, Reading, ResourceId
from collectors.redis.asking import INFO, Caches, Fields, Question
from collectors.redis.counted import Sample, commands, rates
from collectors.redis.usage import SECTIONS, databases, errors, percentiles, sample, usage
from collectors.safe import Safe, sanitise

PRIMARY, REPLICA = Safe("primary"), Safe("replica")
PERCENT, PER_SECOND = Safe("Percent"), Safe("Count/Second")
HIT_PERCENT, MEMORY_PERCENT = Safe("redis.hit_percent"), Safe("redis.memory_percent")
OPERATIONS, EVICTIONS = Safe("redis.operations"), Safe("redis.evictions")
ASKED = Question("cache", SECTIONS)


class CacheCondition(Collector[ResourceId]):
    """One `CacheUse` for each pass over a node, and of what is charted a Metric each; without a value at first."""

    name = "cache"
    every = timedelta(seconds=5)
    needs = (INFO,)

    def __init__(self, caches: Caches, now: Callable[[], datetime]) -> None:
        self._caches, self._now = caches, now
        self._before: dict[ResourceId, Sample] = {}

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        fields = await self._caches.of(target).ask(ASKED)
        now = self._now()
        found = self._use(target, fields, now)
        yield found
        for metric in _metrics(found):
            yield metric

    def _use(self, about: ResourceId, fields: Fields, now: datetime) -> CacheUse:
        told = usage(fields)
        after = sample(told, fields, now)
        before, self._before[about] = self._before.get(about), after
        return CacheUse(
            about,
            now,
            version=told.version,
            run_id=sanitise(told.run_id, 60),
            role=PRIMARY if told.is_primary else REPLICA,
            is_cluster=bool(told.cluster_enabled),
            uptime_s=told.uptime_in_seconds,
            memory=told.memory,
            clients=told.clients,
            rates=rates(before, after),
            hit_percent=told.hit_percent,
            databases=databases(fields),
            commands=commands(before, after, percentiles(fields)),
            errors=errors(fields),
            saving=told.saving,
            replicas=told.connected_slaves,
            source=told.source,
            link=told.link,
            is_loading=bool(told.loading),
        )


def _metrics(found: CacheUse) -> Iterator[Metric]:
    rates = found.rates
    for name, value, unit in (
        (HIT_PERCENT, rates.hit_percent if rates else None, PERCENT),
        (OPERATIONS, rates.operations if rates else None, PER_SECOND),
        (EVICTIONS, rates.evictions if rates else None, PER_SECOND),
        (MEMORY_PERCENT, found.memory.percent, PERCENT),
    ):
        yield Metric(found.about, found.observed, name, value, unit)
