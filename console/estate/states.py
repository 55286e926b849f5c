"""How far can a value be trusted now? Decided from its age, how often it comes, and how its collector does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from collectors.aws.metrics import SLOW, slow_names
from collectors.safe import Safe
from console.estate.resource import Latest, Resource
from console.estate.times import MS
from console.protocol.res import MetricState

Health = Literal["ok", "late", "failing", "denied", "pending"]
LATE = 2  # a value that missed one turn may come yet; one that missed two is stale
CLOUDWATCH_DELAY = timedelta(minutes=3)  # so late may its newest minute come, up to two, and a pass be under way


@dataclass(frozen=True, slots=True)
class Source:
    """The collector that brings a value: how often, and how it does with this resource."""

    every: timedelta
    health: Health
    late: timedelta = timedelta()  # beyond its turn, without being missed


Sources = Mapping[str, Source]
"""Of one resource, by the name of the collector."""

BROUGHT_BY = {
    "cloudwatch": "cloudwatch",
    "wait": "waits",
    "waits": "waits",
    "replica": "replica-lag",
    "counter": "counters",
    "backup": "backups",
    "redis": "cache",
}
"""By a name's first part."""
LAG, LAG_BY_AWS = Safe("replica.lag_s"), "replication-aws"
FIRST = {"cloudwatch": Safe("cloudwatch.CPUUtilization"), "replica-lag": LAG}
"""The value that stands for a collector until it has brought anything."""


def state_of(value: Latest, name: str, now_ms: int, source: Source | None) -> MetricState:
    """One value's state; ``source`` None: nobody asks for it any more."""
    if source is not None and now_ms - value.t <= _patience(name, source) // MS:
        return "none" if value.value is None else "fresh"
    if source is not None and source.health in ("failing", "denied"):
        return "error"
    return "none" if value.value is None else "stale"


def states(resource: Resource, now_ms: int, sources: Sources) -> dict[Safe, MetricState]:
    """The state of each value of a resource, and of the first of each collector that has brought none yet."""
    found = {
        name: state_of(value, name, now_ms, _source(name, resource, sources)) for name, value in resource.latest.items()
    }
    brought = {BROUGHT_BY.get(name.partition(".")[0]) for name in found}
    for collector, name in FIRST.items():
        source = sources.get(collector)
        if source is not None and collector not in brought and source.health != "ok":
            found[name] = "error" if source.health in ("failing", "denied") else "pending"
    return found


def _source(name: str, resource: Resource, sources: Sources) -> Source | None:
    found = sources.get(BROUGHT_BY.get(name.partition(".")[0], ""))
    if name == LAG and (found is None or (resource.replication is not None and not resource.replication.direct)):
        told = sources.get(LAG_BY_AWS)
        return told and replace(told, late=CLOUDWATCH_DELAY)
    return found


def _patience(name: str, source: Source) -> timedelta:
    if not name.startswith("cloudwatch."):
        return LATE * source.every + source.late
    slow = name.removeprefix("cloudwatch.") in slow_names()
    return LATE * max(source.every, SLOW if slow else source.every) + CLOUDWATCH_DELAY
