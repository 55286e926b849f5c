"""Every way in which a check of a failover does not pass."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from collectors.inside.backups import DatabaseBackups
from collectors.inside.replication import Distance, Link, LinkState, Part, Replication
from collectors.inside.sessions import Session, Sessions
from collectors.readings import ReplicaLag, ResourceId
from collectors.safe import Safe
from console.actions.all import ACTIONS
from console.actions.check import Check, Verdict
from console.actions.crafts import crafts
from console.actions.known import Tested
from console.actions.plan import Target
from tests.actions.failovers.answers import HERE, MEMBERS, NODES, SHARD, Named, answers, event
from tests.actions.failovers.inside import Inside
from tests.actions.given import NOW, TARGET
from tests.actions.no_hands import NoHands

NAMES = {
    "fail-over.instance": ("billing", f"arn:aws:rds:{HERE}:db:billing", ""),
    "fail-over.cluster": ("catalogue", f"arn:aws:rds:{HERE}:cluster:catalogue", "catalogue-2"),
    "fail-over.cache": ("sessions-001", f"arn:aws:elasticache:{HERE}:cluster:sessions-001", ""),
    "promote.instance": ("billing-replica", f"arn:aws:rds:{HERE}:db:billing-replica", ""),
}
OVER = "Multi-AZ instance failover completed"
CALLED = "Test Failover API called for node group {}"
BOUND = timedelta(seconds=31)


def target_of(name: str, to: str | None = None) -> Target:
    kind = next(action.kind for action in ACTIONS if action.name == name)
    named, arn, usual = NAMES[name]
    return replace(TARGET, about=named, name=named, kind=kind, arn=arn, family=arn, to=usual if to is None else to)


def session(open_s: float | None = None, program: str = "orders-api") -> Session:
    nothing = Safe("")
    began = None if open_s is None else NOW - timedelta(seconds=open_s)
    return Session(
        71, Safe("sleeping"), nothing, nothing, Safe(program), nothing, nothing, nothing,
        transaction_began=began, transactions=0 if began is None else 1, log_bytes=0 if began is None else 3 << 20,
    )  # fmt: skip


def sessions(about: str, *rows: Session, ago: timedelta = timedelta(seconds=4)) -> Sessions:
    return Sessions(ResourceId(Safe(about)), NOW - ago, rows, connected=420)


def standby(*parts: Part, redo: int = 0, ago: timedelta = timedelta(seconds=4), **more: Any) -> Replication:
    link = Link(
        Safe("billing"), Safe("Multi-AZ standby"), LinkState.IN_STEP, parts=parts,
        unsent=Distance(0.0, 0), unapplied=Distance(redo / 2**25, redo), **more,
    )  # fmt: skip
    return Replication(ResourceId(Safe("billing")), NOW - ago, Safe("primary"), downstream=(link,))


def part(told: str, state: LinkState = LinkState.IN_STEP, name: str = "sales") -> Part:
    return Part(Safe(name), state, Safe(told))


def jobs(count: int | None) -> DatabaseBackups:
    return DatabaseBackups(ResourceId(Safe("billing")), NOW, (), jobs=count)


def lag(about: str, seconds: float | None, ago: float = 3.0) -> ReplicaLag:
    behind = None if seconds is None else timedelta(seconds=seconds)
    return ReplicaLag(ResourceId(Safe(about)), NOW - timedelta(seconds=ago), None, behind, Safe("behind"))


def well() -> Inside:
    """Everything is known, and nothing is the matter."""
    return Inside(
        of_sessions={"billing": sessions("billing", session()), "catalogue-1": sessions("catalogue-1", session())},
        of_replication={"billing": standby(part("SYNCHRONIZED"))},
        of_jobs={"billing": jobs(0)},
        of_lag={name: lag(name, 0.1) for name in ("catalogue-2", "sessions-002", "billing-replica")},
    )


@dataclass(frozen=True)
class Look:
    """``inside``: what is known otherwise than well, by the names of its fields."""

    action: str
    check: str
    when: str
    reader: Named = field(default_factory=answers)
    inside: dict[str, Any] = field(default_factory=dict)
    to: str | None = None


I, C, K, P = "fail-over.instance", "fail-over.cluster", "fail-over.cache", "promote.instance"  # noqa: E741
WAITS = {"PendingModifiedValues": {"DBInstanceClass": "db.r7g.large", "MasterUserPassword": "****"}}
GROUPS = {"DBParameterGroups": [{"DBParameterGroupName": "tuned", "ParameterApplyStatus": "pending-reboot"}]}
DUE = {
    "PendingMaintenanceActions": [
        {
            "PendingMaintenanceActionDetails": [
                {"Action": "system-update", "CurrentApplyDate": NOW + timedelta(minutes=20)},
                {"Action": "db-upgrade", "CurrentApplyDate": NOW + timedelta(days=9)},
            ]
        }
    ]
}
TWO_SHARDS = {"NodeGroups": [SHARD, {"NodeGroupId": "0002", "Status": "available", "NodeGroupMembers": []}]}
TESTS = tuple(Tested(f"group-{number}", "0001", NOW - timedelta(hours=2)) for number in range(15))
STALE = {"of_sessions": {"billing": sessions("billing", session(), ago=BOUND)}}


def told(*found: dict[str, Any]) -> Named:
    return answers(DescribeEvents={"Events": list(found)})


def creating() -> Named:
    return answers(DescribeDBSnapshots={"DBSnapshots": [{"Status": "creating", "DBSnapshotIdentifier": "nightly"}]})


LOOKS: tuple[Look, ...] = (
    Look(I, "member", "it is a member of a cluster", answers(billing={"DBClusterIdentifier": "catalogue"})),
    Look(I, "member", "it is RDS Custom", answers(billing={"Engine": "custom-sqlserver-ee"})),
    Look(I, "status", "it is being backed up", answers(billing={"DBInstanceStatus": "backing-up"})),
    Look(I, "standby", "it is Single-AZ", answers(billing={"MultiAZ": False, "SecondaryAvailabilityZone": None})),
    Look(I, "standby", "its standby is being made", answers(billing={"SecondaryAvailabilityZone": None})),
    Look(I, "synchronised", "nobody has looked inside", inside={"of_replication": {}}),
    Look(I, "synchronised", "it was looked at long ago",
         inside={"of_replication": {"billing": standby(part("SYNCHRONIZED"), ago=BOUND)}}),
    Look(I, "synchronised", "a database is not synchronising",
         inside={"of_replication": {"billing": standby(part("SYNCHRONIZED", name="hr"),
                                                       part("NOT SYNCHRONIZING", LinkState.BROKEN))}}),
    Look(I, "synchronised", "a database is still synchronising",
         inside={"of_replication": {"billing": standby(part("SYNCHRONIZING", LinkState.BEHIND))}}),
    Look(I, "synchronised", "a database does not tell",
         inside={"of_replication": {"billing": standby(part("SYNCHRONIZED", LinkState.UNKNOWN))}}),
    Look(I, "queues", "nobody has looked inside", inside={"of_replication": {}}),
    Look(I, "queues", "much is to be redone",
         inside={"of_replication": {"billing": standby(part("SYNCHRONIZED"), redo=600 << 20)}}),
    Look(I, "transaction", "nobody has looked inside", inside={"of_sessions": {}}),
    Look(I, "transaction", "it was looked at long ago", inside=STALE),
    Look(I, "transaction", "one is open for long",
         inside={"of_sessions": {"billing": sessions("billing", session(2520.0, "SSIS"), session(4.0))}}),
    Look(I, "jobs", "nobody has looked inside", inside={"of_jobs": {}}),
    Look(I, "jobs", "the agent has jobs", inside={"of_jobs": {"billing": jobs(14)}}),
    Look(I, "creating", "a snapshot is being made", creating()),
    Look(I, "restorable", "long ago", answers(billing={"LatestRestorableTime": NOW - timedelta(hours=3)})),
    Look(I, "restorable", "never", answers(billing={"LatestRestorableTime": None})),
    Look(I, "zone", "another fails there", inside={"in_trouble": {"eu-west-1c": (Safe("orders"),)}}),
    Look(I, "zone", "three others fail there",
         inside={"in_trouble": {"eu-west-1c": (Safe("orders"), Safe("reporting"), Safe("carts"))}}),
    Look(I, "recent", "it has failed over eleven minutes ago", told(event(11, OVER, "billing"))),
    Look(I, "recent", "its events cannot be read", answers(lacks="DescribeEvents")),
    Look(I, "pending", "a class, a password and a parameter group wait", answers(billing=WAITS | GROUPS)),
    Look(I, "pending", "maintenance is due soon", answers(DescribePendingMaintenanceActions=DUE)),
    Look(I, "pending", "it may not be asked", answers(lacks="DescribePendingMaintenanceActions")),
    Look(C, "status", "it is being modified", answers(cluster={"Status": "modifying"})),
    Look(C, "reader", "it has none", answers(cluster={"DBClusterMembers": MEMBERS[:1]})),
    Look(C, "reader", "nobody is named", to=""),
    Look(C, "reader", "AWS takes no name", answers(cluster={"Engine": "mysql"}), to=""),
    Look(C, "reader", "the writer is named", to="catalogue-1"),
    Look(C, "reader", "a stranger is named", to="orders-1"),
    Look(C, "reader", "who is named restarts", answers(reader={"DBInstanceStatus": "rebooting"})),
    Look(C, "tag", "it has the tag", answers(reader={"TagList": [{"Key": "nofailover", "Value": "true"}]})),
    Look(C, "class", "it is smaller", answers(reader={"DBInstanceClass": "db.r7g.large"})),
    Look(C, "class", "it is of another family", answers(reader={"DBInstanceClass": "db.x2g.large"})),
    Look(C, "version", "it has another", answers(reader={"EngineVersion": "16.4"})),
    Look(C, "tier", "it is of the last", answers(reader={"PromotionTier": 15})),
    Look(C, "lag", "nobody tells it", inside={"of_lag": {}}),
    Look(C, "lag", "it was told long ago", inside={"of_lag": {"catalogue-2": lag("catalogue-2", 0.1, ago=61.0)}}),
    Look(C, "lag", "it is behind", inside={"of_lag": {"catalogue-2": lag("catalogue-2", 14.0)}}),
    Look(C, "zone", "three others fail there",
         inside={"in_trouble": {"eu-west-1b": (Safe("orders"), Safe("reporting"), Safe("carts"))}}),
    Look(C, "zone", "its zone is not told", answers(reader={"AvailabilityZone": None})),
    Look(C, "region", "it is the primary of a global database", answers(cluster={"GlobalClusterIdentifier": "world"})),
    Look(C, "region", "its writer is in another region",
         answers(cluster={"GlobalClusterIdentifier": "world", "ReplicationSourceIdentifier": "arn:of:elsewhere"})),
    Look(C, "transaction", "one is open for long",
         inside={"of_sessions": {"catalogue-1": sessions("catalogue-1", session(61.0))}}),
    Look(C, "recent", "a moment ago", told(event(2, "Completed failover to DB instance: catalogue-1", "catalogue"))),
    Look(C, "pending", "a change of its reader waits", answers(reader=WAITS)),
    Look(K, "status", "the old primary is being replaced", answers(group={"Status": "modifying"})),
    Look(K, "status", "another is the primary by now",
         answers(group={"NodeGroups": [SHARD | {"NodeGroupMembers": [
             NODES[0] | {"CurrentRole": "replica"}, NODES[1] | {"CurrentRole": "primary"}]}]})),
    Look(K, "automatic", "it is disabled", answers(group={"AutomaticFailover": "disabled"})),
    Look(K, "replica", "all are in one zone",
         answers(group={"NodeGroups": [SHARD | {"NodeGroupMembers": [
             NODES[0], NODES[1] | {"PreferredAvailabilityZone": "eu-west-1a"}]}]})),
    Look(K, "replica", "there is none", answers(group={"NodeGroups": [SHARD | {"NodeGroupMembers": NODES[:1]}]})),
    Look(K, "lag", "it is behind", inside={"of_lag": {"sessions-002": lag("sessions-002", 9.0)}}),
    Look(K, "lag", "nobody tells it", inside={"of_lag": {}}),
    Look(K, "under-way", "a snapshot is being made",
         answers(DescribeSnapshots={"Snapshots": [{"SnapshotStatus": "creating", "SnapshotName": "nightly"}]})),
    Look(K, "under-way", "it is being scaled", answers(group={"PendingModifiedValues": {"Resharding": {"x": 1}}})),
    Look(K, "tested", "twelve shards were", inside={"tests": TESTS[:12]}),
    Look(K, "tested", "fifteen shards were, one by somebody else",
         told(event(90, CALLED.format("0001"), "carts")), {"tests": TESTS[:14]}),
    Look(K, "tested", "its events cannot be read", answers(lacks="DescribeEvents")),
    Look(K, "other-shard", "one is not finished",
         answers(group=TWO_SHARDS, DescribeEvents={"Events": [event(3, CALLED.format("0002"), "sessions")]})),
    Look(K, "other-shard", "its events cannot be read", answers(lacks="DescribeEvents")),
    Look(K, "test-api", "always"),
    Look(P, "replica", "it is none", answers(replica={"ReadReplicaSourceDBInstanceIdentifier": None})),
    Look(P, "status", "it is being backed up", answers(replica={"DBInstanceStatus": "backing-up"})),
    Look(P, "lag", "nobody tells it, and its source lives", answers(replica={}), {"of_lag": {}}),
    Look(P, "lag", "nobody tells it, and its source is down",
         answers(replica={}, billing={"DBInstanceStatus": "failed"}), {"of_lag": {}}),
    Look(P, "lag", "it is behind", answers(replica={}), {"of_lag": {"billing-replica": lag("billing-replica", 312.0)}}),
    Look(P, "fenced", "its source is available", answers(replica={})),
    Look(P, "fenced", "its source is in another region",
         answers(replica={"ReadReplicaSourceDBInstanceIdentifier": "arn:aws:rds:us-east-1:111122223333:db:billing"})),
    Look(P, "backups", "it has none", answers(replica={})),
    Look(P, "followers", "one follows it, and one its source",
         answers(replica={"ReadReplicaDBInstanceIdentifiers": ["billing-far"]},
                 billing={"ReadReplicaDBInstanceIdentifiers": ["billing-replica", "billing-2"]})),
    Look(P, "differs", "it is smaller, and of one zone", answers(replica={"DBInstanceClass": "db.m6i.large"})),
    Look(P, "differs", "its source cannot be seen",
         answers(replica={"ReadReplicaSourceDBInstanceIdentifier": "arn:aws:rds:us-east-1:111122223333:db:billing"})),
    Look(P, "pending", "a change waits", answers(replica=WAITS)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    when: str
    check: Check


async def of_failovers() -> AsyncIterator[tuple[str, Found]]:
    """By the action, what its own checks say."""
    for look in LOOKS:
        craft = crafts(lambda *_: None, replace(well(), **look.inside), NoHands())[look.action]
        sight = await craft.look(look.reader, target_of(look.action, look.to), NOW)
        found = next(each for each in sight.checks if each.name == look.check)
        assert found.verdict is not Verdict.PASS, look
        yield look.action, Found(look.when, found)


