"""Who is concerned by a failover of one resource, and how do they stand? As the estate has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from collectors.inside.backups import DatabaseBackups
from collectors.inside.replication import DEAD, Link, LinkState, Replication
from collectors.readings import Alarms, Described, Reading, ResourceId
from collectors.safe import NO_TEXT, Safe
from console.estate.resource import Resource
from console.estate.times import to_ms
from console.failover.observed import Kind, Looked, Member, Within

Resources = Mapping[ResourceId, Resource]
Members = tuple[Member, ...]
_CACHES = ("redis", "valkey")


def fact(described: Described, name: str) -> Safe:
    return next((value for each, value in described.facts if each == name), NO_TEXT)


def kind_of(described: Described) -> Kind | None:
    """How a resource of that kind fails over by itself; None where it does not."""
    if described.kind == "cluster":
        return Kind.CLUSTER
    if described.kind == "cache" and described.cluster is not None and described.engine.startswith(_CACHES):
        return Kind.CACHE
    if described.kind == "instance" and described.cluster is None and fact(described, "SecondaryAvailabilityZone"):
        return Kind.STANDBY
    return None


def about(resource: Resource, kind: Kind, resources: Resources) -> tuple[ResourceId, ...]:
    """The resource itself first, then by name."""
    others = (each for each in resources.values() if each.id != resource.id and _goes_along(each, resource, kind))
    return (resource.id, *sorted(each.id for each in others))


def _goes_along(other: Resource, resource: Resource, kind: Kind) -> bool:
    this, that = resource.described, other.described
    match kind:
        case Kind.CLUSTER:
            return that.kind == "instance" and that.cluster == resource.id
        case Kind.CACHE:
            return that.cluster == this.cluster and that.kind == "cache" and fact(that, "Shard") == fact(this, "Shard")
        case Kind.STANDBY:
            return _is_named(fact(that, "ReadReplicaSource"), resource.id)
        case Kind.PROMOTION:
            return _is_named(fact(this, "ReadReplicaSource"), other.id)


def _is_named(source: str, about: ResourceId) -> bool:
    """A source is an instance's name, or in another region its ARN."""
    return bool(source) and source.rpartition(":")[2] == about.partition("@")[0]


def members(kind: Kind, abouts: Iterable[ResourceId], resources: Resources, since: datetime | None) -> Members:
    """As each was listed last. ``since``: what databases told before is old."""
    found = [resources[about] for about in abouts if about in resources]
    there = (each for each in found if not (kind is Kind.CLUSTER and each.described.kind == "cluster"))
    return tuple(_member(each, since) for each in there)


def looked(kind: Kind, abouts: Iterable[ResourceId], resources: Resources, since: datetime | None) -> Looked | None:
    """All of them; None between two passes, where some of a group are listed as they were and some as they are."""
    names = tuple(about for about in abouts if about in resources)
    there = members(kind, names, resources, since)
    deciding = [each.id for each in there] if kind in (Kind.CLUSTER, Kind.CACHE) else list(names[:1])
    times = {resources[about].described.observed for about in deciding}
    return Looked(times.pop(), there) if len(times) == 1 else None


def _member(resource: Resource, since: datetime | None) -> Member:
    told = resource.described
    return Member(
        id=resource.id,
        role=told.role,
        status=told.status,
        az=told.az,
        standby_az=fact(told, "SecondaryAvailabilityZone"),
        source=fact(told, "ReadReplicaSource"),
        in_step=_in_step(resource, since),
        within=_within(resource, since),
    )


def _within(resource: Resource, since: datetime | None) -> Within:
    jobs, alarms = resource.inside.get(DatabaseBackups.part), resource.alarms
    return Within(
        jobs=jobs.jobs if isinstance(jobs, DatabaseBackups) and _is_of_now(jobs, since) else None,
        alarms=_ringing(alarms) if alarms is not None and _is_of_now(alarms, since) else None,
        hit_rate=_value(resource, "CacheHitRate", since),
        evictions=_value(resource, "Evictions", since),
    )


def _is_of_now(told: Reading, since: datetime | None) -> bool:
    return since is None or told.observed >= since


def _ringing(alarms: Alarms) -> tuple[Safe, ...]:
    return tuple(sorted(row.name for row in alarms.rows if row.state == "ALARM"))


def _value(resource: Resource, name: str, since: datetime | None) -> float | None:
    """CloudWatch tells of a minute by when it began: one that was under way at the time is not of after it."""
    latest = resource.latest.get(Safe(f"cloudwatch.{name}"))
    return None if latest is None or (since is not None and latest.t < to_ms(since)) else latest.value


def _in_step(resource: Resource, since: datetime | None) -> bool | None:
    """Of a SQL Server its standby's links, of a replica its own; None where nobody has told since."""
    told = resource.inside.get(Replication.part)
    if not isinstance(told, Replication) or (since is not None and told.observed < since):
        return None
    if resource.described.role not in ("primary", "writer"):
        return _all_of(told.upstream)
    is_sql_server = resource.described.engine.startswith(("sqlserver", "custom-sqlserver"))
    return _all_of(link for link in told.downstream if is_sql_server and _is_standby(link))


def _is_standby(link: Link) -> bool:
    """One that the primary waits for; its other copies are read replicas, which are behind as a rule."""
    return link.mode.lower().startswith("synchronous")


def _all_of(links: Iterable[Link]) -> bool | None:
    states = [_follows(link) for link in links]
    if not states or False in states:
        return False if states else None
    return None if None in states else True


def _follows(link: Link) -> bool | None:
    """What has something left to apply follows; a standby that is still to be brought into step does not yet."""
    if link.state in DEAD or link.state in (LinkState.SEEDING, LinkState.PAUSED):
        return False
    if link.state is LinkState.BEHIND:
        return not (_is_standby(link) and "SYNCHRONIZING" in link.told.upper())
    return True if link.state is LinkState.IN_STEP else None


def as_before(there: Members, before: Described) -> Members:
    """One of them as it was before it was listed otherwise."""
    az, standby_az = before.az, fact(before, "SecondaryAvailabilityZone")
    return tuple(
        replace(m, role=before.role, az=az, standby_az=standby_az) if m.id == before.about else m for m in there
    )
