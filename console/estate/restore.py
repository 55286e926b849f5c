"""What did we know before a restart? A resource made again from what was told, as old as it is."""

from __future__ import annotations

from datetime import timedelta

from collectors.readings import Alarm, Alarms, BackupStatus, Described, ReplicaLag, ResourceId
from console.estate.fold import LAG
from console.estate.resource import Latest, Resource
from console.estate.times import from_ms
from console.protocol.bodies import Hist
from console.protocol.res import FindingBody, Res
from console.series import Series
from console.triage.finding import Confidence, Finding, Sight


def restore(about: ResourceId, res: Res, hist: Hist | None) -> Resource:
    """Ready for `Estate.restore`. Each value keeps the time at which it was observed."""
    resource = Resource(about, _described(about, res), seen=res.seen)
    for name, columns in (hist.series if hist else {}).items():
        series = resource.series.setdefault(name, Series())
        for t, v in zip(columns.t, columns.v, strict=False):
            series.put(t, v)
    for name, value in res.values.items():
        if value.v is None and value.s in ("pending", "error"):
            continue  # nothing was ever observed
        resource.latest[name] = Latest(value.v, value.t, value.u, value.g)
        resource.series.setdefault(name, Series()).put(value.t, value.v)
        if name.startswith(("wait.", "waits.")):
            resource.waited[name] = value.t
    for name in [name for name in resource.series if name not in resource.latest]:
        del resource.series[name]  # a history without its value would never be said
    resource.replication = _replication(resource, res)
    resource.backup = _backup(about, res)
    resource.alarms = _alarms(about, res)
    resource.findings = tuple(map(_sight, res.findings))
    return resource


def _sight(told: FindingBody) -> Sight:
    cleared = None if told.cleared is None else from_ms(told.cleared)
    finding = Finding(
        id=told.id,
        severity=told.severity,
        cause=told.cause,
        evidence=told.evidence,
        next=told.next,
        confidence=Confidence(told.confidence),
        about=told.about,
    )
    return Sight(finding, from_ms(told.since), stands=True, cleared=cleared)


def _described(about: ResourceId, res: Res) -> Described:
    return Described(
        about=about,
        observed=from_ms(res.seen),
        kind=res.kind,
        engine=res.engine,
        role=res.role,
        status=res.status,
        az=res.az,
        region=res.region,
        account=res.account,
        cluster=None if res.cluster is None else ResourceId(res.cluster),
        facts=tuple(res.facts.items()),
        tags=tuple(res.tags.items()),
    )


def _replication(resource: Resource, res: Res) -> ReplicaLag | None:
    told = res.replication
    if told is None:
        return None
    lag = resource.latest.get(LAG)
    return ReplicaLag(
        about=resource.id,
        observed=from_ms(lag.t if lag else res.seen),
        source=None if told.source is None else ResourceId(told.source),
        lag=None if lag is None or lag.value is None else timedelta(seconds=lag.value),
        state=told.state,
    )


def _backup(about: ResourceId, res: Res) -> BackupStatus | None:
    told = res.backup
    if told is None:
        return None
    return BackupStatus(
        about=about,
        observed=from_ms(res.seen),
        retention=timedelta(seconds=told.retention_s),
        restorable_until=None if told.restorable is None else from_ms(told.restorable),
        newest_snapshot=None if told.snapshot is None else from_ms(told.snapshot),
        restore_proof=None if told.restore_proof is None else from_ms(told.restore_proof),
    )


def _alarms(about: ResourceId, res: Res) -> Alarms | None:
    if not res.alarms:
        return None
    rows = (
        Alarm(told.name, told.state, None if told.since is None else from_ms(told.since), told.reason, told.metric)
        for told in res.alarms
    )
    return Alarms(about, from_ms(res.seen), tuple(rows))
