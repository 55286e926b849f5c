"""Which values tell how a flush turns out, of whom, and when is one as it was before? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collectors.readings import ResourceId
from console.protocol.flush import WhatWord

MINUTE_MS = 60_000
FELL = 5.0  # percent of all that is asked for: a hit rate wanders by less
ROSE = 10.0  # percent of CPU
TIMES = 2.0  # of what was usual: as for compilations, so for evictions
LEAST_A_SECOND = 1.0  # below it twice as many is still nothing


@dataclass(frozen=True, slots=True)
class Source:
    """One series. ``lasts_ms``: for how long each of its points speaks; ``per``: what it must be divided by."""

    name: str
    lasts_ms: int = 0
    per: float = 1.0


SOURCES: dict[WhatWord, tuple[Source, ...]] = {
    "hit rate": (Source("redis.hit_percent"), Source("cloudwatch.CacheHitRate", MINUTE_MS)),
    "evictions": (Source("redis.evictions"), Source("cloudwatch.Evictions", MINUTE_MS, per=60.0)),
    "CPU": (Source("cloudwatch.CPUUtilization", MINUTE_MS),),
    "compilations": (Source("counter.SQL Compilations/sec"),),
}
"""The nearest first: of what Redis tells itself a fall is seen in seconds, CloudWatch tells it minutes later."""


@dataclass(frozen=True, slots=True)
class Measure:
    what: WhatWord
    about: ResourceId

    @property
    def falls(self) -> bool:
        """Whether less of it is worse."""
        return self.what == "hit rate"

    def worst(self, values: Iterable[float]) -> float:
        return min(values) if self.falls else max(values)

    def is_as_before(self, before: float, value: float) -> bool:
        match self.what:
            case "hit rate":
                return value >= before - FELL
            case "CPU":
                return value <= before + ROSE
            case _:
                return value <= max(TIMES * before, LEAST_A_SECOND)


def of_a_cache(nodes: Iterable[ResourceId], origins: Iterable[ResourceId]) -> Iterator[Measure]:
    """``nodes``: those that were emptied; ``origins``: who answers in their place."""
    there = tuple(nodes)
    yield from (Measure("hit rate", node) for node in there)
    yield from (Measure("CPU", origin) for origin in origins)
    yield from (Measure("evictions", node) for node in there)


def of_a_server(server: ResourceId) -> Iterator[Measure]:
    yield Measure("compilations", server)
    yield Measure("CPU", server)
