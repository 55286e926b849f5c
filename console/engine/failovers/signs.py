"""Has a failover begun that nobody asked for? By what AWS tells, or by what it lists otherwise than before. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.readings import Described, Happened, ResourceId
from collectors.safe import Safe, sanitise
from console.engine.failovers.concerned import Resources, fact, kind_of
from console.estate.resource import Resource
from console.failover.observed import Kind
from console.failover.signs import Meaning, meaning

FAILING_OVER = "failing-over"  # a status; where AWS tells it before any event
FRESH = timedelta(minutes=10)  # what happened longer ago is history: it has ended, or is seen by its state
_SERVICES = ("rds", "elasticache")
_BEGUN = (Meaning.STARTED, Meaning.PROMOTED, Meaning.COMPLETED)


@dataclass(frozen=True, slots=True)
class Begun:
    """``resource``: whose failover it is, which for a member is its cluster. ``is_moved``: the list shows another."""

    resource: ResourceId
    kind: Kind
    at: datetime
    sign: Safe
    is_moved: bool = False


def by_event(told: Happened, resources: Resources, now: datetime) -> Begun | None:
    is_fresh = now - told.observed <= FRESH
    if told.source not in _SERVICES or not is_fresh or meaning(told.text) not in _BEGUN:
        return None
    found = _whose(resources.get(told.about), resources)
    return None if found is None else Begun(*found, told.observed, told.text)


def by_list(before: Described | None, after: Described, resources: Resources) -> Begun | None:
    """AWS says so, the zones of an instance have swapped, or a member leads that did not."""
    if before is None or before.observed > after.observed:
        return None
    found = _whose(resources.get(after.about), resources)
    if found is None:
        return None
    if after.status == FAILING_OVER != before.status:
        return Begun(*found, after.observed, sanitise(f"AWS says that {after.about} is failing over"))
    if found[1] is Kind.STANDBY:
        has_swapped = before.az and before.az != after.az and fact(before, "SecondaryAvailabilityZone") == after.az
        words = f"its zone was {before.az}, is now {after.az}"
    else:
        has_swapped = after.role in ("writer", "primary") and before.role in ("reader", "replica")
        words = f"{after.about} was {before.role}, is now {after.role}"
    return Begun(*found, after.observed, sanitise(words), is_moved=True) if has_swapped else None


def _whose(resource: Resource | None, resources: Resources) -> tuple[ResourceId, Kind] | None:
    if resource is None:
        return None
    cluster = resource.described.cluster
    if resource.described.kind == "instance" and cluster is not None:
        return (cluster, Kind.CLUSTER) if cluster in resources else None
    kind = kind_of(resource.described)
    return None if kind is None else (resource.id, kind)
