"""How is a resource told? Pure: the same resource and time give the same body."""

from __future__ import annotations

import math
from collections.abc import Iterator

from collectors.readings import Alarm, BackupStatus
from collectors.safe import Safe
from console.estate.levels import WELL, Judgement
from console.estate.resource import Resource
from console.estate.states import Sources, states
from console.estate.times import to_ms
from console.protocol.bodies import Hist, Points
from console.protocol.res import AlarmState, Backup, Declaration, FindingBody, Replication, Res, Value
from console.series import Columns
from console.triage.finding import Sight

MOST_POINTS = 300  # of one series
MOST_BYTES = 60_000  # of all, as JSON: under the 64 KiB of a message whether it is compressed or not
POINT_BYTES = 34  # at most: thirteen digits of time, a number of six digits below 1e16, two commas
MAIN = tuple(
    Safe(name)
    for name in (
        "cloudwatch.CPUUtilization",
        "cloudwatch.EngineCPUUtilization",
        "replica.lag_s",
        "cloudwatch.DatabaseConnections",
        "cloudwatch.CurrConnections",
        "cloudwatch.WriteLatency",
        "cloudwatch.ReadLatency",
        "cloudwatch.WriteIOPS",
        "cloudwatch.ReadIOPS",
        "cloudwatch.FreeStorageSpace",
    )
)  # the order in which they are wanted when room is short


def res_body(
    resource: Resource,
    now_ms: int,
    sources: Sources,
    judged: Judgement = WELL,
    *,
    since: int | None = None,
    declared: tuple[Declaration, ...] = (),
) -> Res:
    """The resource whole."""
    described, backup, lag = resource.described, resource.backup, resource.replication
    return Res(
        kind=described.kind,
        engine=described.engine,
        role=described.role,
        status=described.status,
        az=described.az,
        region=described.region,
        account=described.account,
        cluster=described.cluster,
        facts=dict(described.facts),
        values=_values(resource, now_ms, sources, judged),
        replication=None if lag is None or not lag.follows else Replication(source=lag.source, state=lag.state),
        backup=None if backup is None else _backup_body(backup),
        alarms=tuple(map(_alarm_body, resource.alarms.rows)) if resource.alarms else (),
        level=judged.worst,
        why=judged.why,
        findings=tuple(map(_finding_body, resource.findings)),
        since=since,
        tags=dict(described.tags),
        declared=declared,
        seen=resource.seen,
    )


def hist_body(resource: Resource) -> Hist:
    """Recent points of its main series, as many as a message holds."""
    told: dict[Safe, Points] = {}
    room = MOST_BYTES
    for name in _by_importance(resource):
        times, values = thinned(resource.series[name].columns(), MOST_POINTS)
        room -= len(name) + 20 + POINT_BYTES * len(times)
        if room < 0:
            break
        told[name] = Points(t=times, v=tuple(None if v is None else float(f"{v:.6g}") for v in values))
    return Hist(series=dict(told))


def thinned(columns: Columns, most: int) -> Columns:
    """At most so many points: of each share of the time the greatest, so that no peak is lost; a gap stays a gap."""
    times, values = columns
    if len(times) <= most:
        return columns
    share = max(1, math.ceil((times[-1] - times[0]) / (most - 2)))
    kept: dict[int, tuple[int, float | None]] = {}
    for t, value in zip(times, values, strict=True):
        before = kept.get(t // share)
        if before is None or before[1] is None or (value is not None and value >= before[1]):
            kept[t // share] = (t, value)
    return tuple(t for t, _ in kept.values()), tuple(value for _, value in kept.values())


def _values(resource: Resource, now_ms: int, sources: Sources, judged: Judgement) -> dict[Safe, Value]:
    told: dict[Safe, Value] = {}
    for name, state in states(resource, now_ms, sources).items():
        value = resource.latest.get(name)
        if value is None:
            told[name] = Value(v=None, t=resource.seen, s=state)
        else:
            level = judged.values.get(name)
            told[name] = Value(v=value.value, t=value.t, u=value.unit, s=state, g=value.group, b=level)
    return told


def _by_importance(resource: Resource) -> Iterator[Safe]:
    """The main ones, waits by category and by type from the most waited for, then the rest by name."""
    main = [name for name in MAIN if name in resource.series]
    yield from main
    rest = [name for name in resource.series if name not in main]
    yield from sorted(rest, key=lambda name: (_rank(name), -_weight(resource, name), name))


def _rank(name: Safe) -> int:
    return next((rank for rank, first in enumerate(("waits.", "wait.")) if name.startswith(first)), 2)


def _weight(resource: Resource, name: Safe) -> float:
    if not name.startswith(("wait.", "waits.")):
        return 0.0
    return sum(filter(None, resource.series[name].columns()[1]))


def _backup_body(backup: BackupStatus) -> Backup:
    return Backup(
        retention_s=int(backup.retention.total_seconds()),
        restorable=None if backup.restorable_until is None else to_ms(backup.restorable_until),
        snapshot=None if backup.newest_snapshot is None else to_ms(backup.newest_snapshot),
        restore_proof=None if backup.restore_proof is None else to_ms(backup.restore_proof),
    )


def _alarm_body(alarm: Alarm) -> AlarmState:
    since = None if alarm.since is None else to_ms(alarm.since)
    return AlarmState(name=alarm.name, state=alarm.state, since=since, reason=alarm.reason, metric=alarm.metric)


def _finding_body(sight: Sight) -> FindingBody:
    found = sight.finding
    return FindingBody(
        id=found.id,
        severity=found.severity,
        confidence=found.confidence.value,
        cause=found.cause,
        evidence=found.evidence,
        next=found.next,
        about=found.about,
        since=to_ms(sight.since),
        cleared=None if sight.cleared is None else to_ms(sight.cleared),
    )
