"""Snapshots of RDS instances and of clusters: the same under other names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors.aws.answers import Answer, many, shown, tags_of, text, within
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect
from collectors.safe import Safe, sanitise
from console.actions.check import Check, Override, Verdict, found, passed
from console.actions.craft import Craft, Progress, Sent, Sight, Way
from console.actions.plan import Facts, Plan, Target, facts
from console.actions.registry import Action
from console.actions.snapshots import looked, marks
from console.actions.snapshots.looked import Value

FINE = frozenset({"available", "storage-optimization"})
BUSY_PERCENT = 60.0
WAYS = {"creating": Way.UNDER_WAY, "available": Way.DONE}


@dataclass(frozen=True, slots=True)
class Names:
    """How RDS calls things of an instance, and of a cluster."""

    describe: str
    listed: str
    identifier: str
    status: str
    snapshots: str
    snapshot: str
    snapshot_id: str
    snapshot_kind: str  # in its ARN
    encrypted: str
    quota: str
    same: tuple[str, ...]  # what must not change until it is sent


INSTANCE = Names(
    describe="DescribeDBInstances",
    listed="DBInstances",
    identifier="DBInstanceIdentifier",
    status="DBInstanceStatus",
    snapshots="DescribeDBSnapshots",
    snapshot="DBSnapshots",
    snapshot_id="DBSnapshotIdentifier",
    snapshot_kind="snapshot",
    encrypted="Encrypted",
    quota="ManualSnapshots",
    same=("DBInstanceArn", "DBInstanceStatus", "Engine", "AvailabilityZone", "DbiResourceId", "StorageEncrypted"),
)
CLUSTER = Names(
    describe="DescribeDBClusters",
    listed="DBClusters",
    identifier="DBClusterIdentifier",
    status="Status",
    snapshots="DescribeDBClusterSnapshots",
    snapshot="DBClusterSnapshots",
    snapshot_id="DBClusterSnapshotIdentifier",
    snapshot_kind="cluster-snapshot",
    encrypted="StorageEncrypted",
    quota="ManualClusterSnapshots",
    same=("DBClusterArn", "Status", "Engine", "DbClusterResourceId", "StorageEncrypted"),
)


class OfDatabases(Craft):
    def __init__(self, action: Action, names: Names, value: Value) -> None:
        self.action = action
        self._names = names
        self._value = value

    async def look(self, reader: Reader, target: Target, now: datetime) -> Sight:
        names = self._names
        answer = await self._target(reader, target)
        taken = await reader.call("rds", names.snapshots, **{names.identifier: target.name})
        creating = [
            text(each, names.snapshot_id) for each in many(taken, names.snapshot) if text(each, "Status") == "creating"
        ]
        checks = (
            looked.status(text(answer, names.status), FINE, now, target.name),
            *self._of_an_instance(answer, target, now),
            looked.none_creating(creating, now, target.name),
            await self._quota(reader, now),
            await looked.key(reader, text(answer, "KmsKeyId"), now),
            looked.pending(answer, now),
        )
        return Sight(
            now,
            facts(looked.fingerprint_of(answer, *names.same)),
            checks,
            looked.az(answer, "AvailabilityZone") or _zones(answer),
            looked.connected(self._value, target.about, "DatabaseConnections"),
            tuple(sorted(tags_of(many(answer, "TagList")).items())),
        )

    async def _target(self, reader: Reader, target: Target) -> Answer:
        answer = await reader.call("rds", self._names.describe, **{self._names.identifier: target.name})
        listed = many(answer, self._names.listed)
        if not listed:
            raise CannotCollect(f"RDS knows no {target.name} any more.", mend="Refresh with Ctrl+R and look again.")
        return listed[0]

    def _of_an_instance(self, answer: Answer, target: Target, now: datetime) -> tuple[Check, ...]:
        if self._names is CLUSTER:
            return ()
        cluster = text(answer, "DBClusterIdentifier")
        if cluster:
            lines = (f"{target.name} is a member of {cluster}.", "AWS makes snapshots of the cluster, not of a member.",
                     f"Take it of {cluster}.")  # fmt: skip
            return (found("member", Verdict.BLOCK, now, lines),)
        return passed("member", now, "It is no member of a cluster."), self._pause(answer, target, now)

    def _pause(self, answer: Answer, target: Target, now: datetime) -> Check:
        """The snapshot of a Single-AZ instance stops its I/O; SQL Server's does even where there is a standby."""
        is_sql_server = text(answer, "Engine").startswith("sqlserver")
        if within(answer, "MultiAZ") is True and not is_sql_server:
            return passed("pause", now, "It is taken of the standby: nobody waits.")
        why = "SQL Server's I/O may stop for a moment" if is_sql_server else "Single-AZ: its I/O stops"
        busy = self._value(target.about, "CPUUtilization")
        load = "how busy it is, is not known" if busy is None else f"CPU {busy:.0f} %"
        lines = (f"{why}, for seconds to minutes.", load, "Wait for a quieter hour, or say why now.")
        verdict = Verdict.BLOCK if busy is not None and busy >= BUSY_PERCENT else Verdict.WARN
        return found("pause", verdict, now, lines, Override.REASON)

    async def _quota(self, reader: Reader, now: datetime) -> Check:
        what = "manual snapshots"
        try:
            answer = await reader.call("rds", "DescribeAccountAttributes")
        except CannotCollect:
            return looked.quota(None, None, now, what)
        quotas = {text(each, "AccountQuotaName"): each for each in many(answer, "AccountQuotas")}
        mine = quotas.get(self._names.quota, {})
        used, most = within(mine, "Used"), within(mine, "Max")
        both = isinstance(used, int) and isinstance(most, int)
        return looked.quota(used if both else None, most if both else None, now, what)

    def parameters(self, target: Target, sight: Sight) -> Facts:
        return facts({self._names.identifier: target.name})

    def makes(self, plan: Plan) -> str:
        return marks.name(plan)

    def request(self, plan: Plan) -> Mapping[str, Any]:
        return {**dict(plan.parameters), self._names.snapshot_id: marks.name(plan), "Tags": marks.tags(plan)}

    def arns(self, plan: Plan) -> tuple[str, ...]:
        """Of the source and of what is made: RDS asks IAM for both."""
        before = ":".join(plan.target.arn.split(":")[:5])
        return plan.target.arn, f"{before}:{self._names.snapshot_kind}:{marks.name(plan)}"

    async def progress(self, reader: Reader, plan: Plan, sent: Sent) -> Progress:
        names, name = self._names, marks.name(plan)
        try:
            answer = await reader.call("rds", names.snapshots, **{names.snapshot_id: name})
        except CannotCollect as trouble:
            if "NotFound" not in trouble.seen:
                raise
            return Progress(Way.ABSENT, Safe("RDS knows no snapshot of that name."))
        made = next(iter(many(answer, names.snapshot)), None)
        if made is None:
            return Progress(Way.ABSENT, Safe("RDS knows no snapshot of that name."))
        return self._told(made, plan)

    def _told(self, made: Answer, plan: Plan) -> Progress:
        state, percent = text(made, "Status"), within(made, "PercentProgress")
        size, encrypted = within(made, "AllocatedStorage"), str(within(made, self._names.encrypted))
        was = dict(plan.expected).get("StorageEncrypted", encrypted)
        proof = (
            sanitise(f"{shown(made, self._names.snapshot_id)} is {state}"),
            sanitise(f"{size} GiB allocated" if size else "it has no size"),
            sanitise(f"encrypted: {encrypted}, its source: {was}"),
        )
        way = WAYS.get(state, Way.FAILED)
        if way is Way.DONE and (not size or encrypted != was):
            way = Way.FAILED
        done = float(percent) if isinstance(percent, int | float) else None
        return Progress(way, sanitise(state), done, marks.is_marked(many(made, "TagList"), plan), proof)


def _zones(answer: Answer) -> Safe:
    zones = within(answer, "AvailabilityZones")
    return sanitise(", ".join(sorted(map(str, zones)))) if isinstance(zones, list) else Safe("")
