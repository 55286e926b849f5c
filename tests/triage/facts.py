"""Facts of a resource that is well, for tests that make one of them ill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.inside.backups import (
    Backups,
    Copy,
    DatabaseBackups,
    DatabaseChain,
    Elsewhere,
    Kind,
    Outcome,
    Proof,
    Task,
)
from collectors.inside.replication import Distance, Link, LinkState, Replication
from collectors.readings import Described, Inside, ResourceId
from collectors.safe import Safe, sanitise
from console.estate.resource import Latest, Resource
from console.triage.finding import Finding
from console.triage.frame import Frame
from console.triage.rules import RULES

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 3, 12, tzinfo=UTC)
ORDERS = ResourceId(Safe("orders-primary"))
REPLICA = ResourceId(Safe("orders-replica-1"))
PROMISED = {"restore-proof-age": 90 * 86_400.0, "replica-lag": 5.0}


def backups(**changes: Any) -> Backups:
    nights = tuple(
        Copy(sanitise(f"rds:orders-{day}"), Kind.AUTOMATED, NIGHT - timedelta(days=day), Outcome.DONE)
        for day in range(14)
    )
    weekly = Copy(Safe("weekly"), Kind.AWS_BACKUP, NOW - timedelta(days=3), Outcome.DONE)
    well = Backups(
        about=ORDERS,
        observed=NOW,
        retention_s=14 * 86_400.0,
        window=Safe("03:00-03:30"),
        restorable_until=NOW - timedelta(minutes=4),
        point_in_time=True,
        copies=(*nights, weekly),
        tasks=(Task(Safe("backup"), Safe("job-1"), Outcome.DONE, NOW - timedelta(days=3), NOW - timedelta(days=3)),),
        elsewhere=(Elsewhere(Safe("eu-central-1"), Safe("replicating"), NOW - timedelta(minutes=9)),),
        proofs=(Proof(NOW - timedelta(days=20), Safe("AWS Backup restore test"), took_s=2400.0),),
    )
    return replace(well, **changes)


def chains(**changes: Any) -> DatabaseBackups:
    """Of two databases; what is changed is changed of the second."""
    well = DatabaseChain(
        Safe("orders"),
        Safe("ONLINE"),
        Safe("MULTI_USER"),
        Safe("FULL"),
        log_until=NOW - timedelta(minutes=4),
        newest_full=NIGHT,
        broken=False,
    )
    return DatabaseBackups(ORDERS, NOW, chains=(well, replace(well, database=Safe("archive"), **changes)))


def link(**changes: Any) -> Link:
    well = Link(ORDERS, REPLICA, LinkState.IN_STEP, Safe("SYNCHRONIZED"), lag=Distance(0.0), heard=NOW)
    return replace(well, **changes)


def replica(**changes: Any) -> Replication:
    return Replication(REPLICA, NOW, role=Safe("replica"), upstream=(link(**changes),))


def resource(
    *facts: Inside, kind: str = "instance", engine: str = "sqlserver-ee", values: Mapping[str, float] | None = None
) -> Resource:
    about = facts[0].about if facts else ORDERS
    nothing = Safe("")
    described = Described(about, NOW, sanitise(kind), sanitise(engine), nothing, nothing, nothing, nothing, nothing)
    found = Resource(about, described, inside={fact.part: fact for fact in facts})
    for name, value in (values or {}).items():
        found.latest[sanitise(name)] = Latest(value, int(NOW.timestamp() * 1000), nothing)
    return found


def found(
    one: Resource, *others: Resource, now: datetime = NOW, promised: dict[str, float] | None = None
) -> list[Finding]:
    """All that the rules see at one look."""
    there = {each.id: each for each in (one, *others)}
    frame = Frame(one, now, there, PROMISED if promised is None else promised)
    return [finding for rule in RULES for finding in rule.look(frame)]
