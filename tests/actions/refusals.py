"""Every way in which a check does not pass, and what a person then reads: generated from the checks themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from collectors.errors import Trouble
from collectors.safe import Safe
from console.access.approvals import Requester, ask, missing
from console.access.ceiling import Ceiling, why_locked
from console.access.cool_down import CoolDown, Former, cooling
from console.access.endpoint import Endpoint, elsewhere
from console.access.freeze import Freeze, State
from console.access.grants import Denial, Grant, Proof
from console.access.identity import identity
from console.access.idle import Idle
from console.access.mfa import MfaAge, demand
from console.access.moment import Moment
from console.access.onlookers import SOME, to_prove, unproved
from console.access.refusal import Refusal, refusal
from console.access.role import Role
from console.access.simulation import Aim, Said, Word
from console.actions.all import ACTIONS
from console.actions.check import Check, Verdict
from console.actions.common import common
from console.actions.crafts import crafts
from console.actions.plan import Target
from console.actions.situation import Situation, Told, UnderWay
from console.engine.acting.around import unasked
from profiles.people import SureRole
from tests.actions.failovers.cases import of_failovers
from tests.actions.failovers.inside import Inside
from tests.actions.flushes.cache_cases import of_caches
from tests.actions.flushes.plan_cases import of_plans
from tests.actions.given import NOW, SNAPSHOT, TARGET, situation
from tests.actions.no_hands import NoHands
from tests.actions.recorded import MEMBERS, cluster, instance, key, node, quota, recorded, table

OP = "01KAF4QZ0000000000000000XY"
ALICE = "arn:aws:sts::111122223333:assumed-role/dbconsole-viewer/alice"
ROLE = "arn:aws:iam::111122223333:role/dbconsole-operator"
REBOOT = replace(SNAPSHOT, name=Safe("reboot"), title=Safe("Reboot"), least=Role.ADMIN, in_a_freeze=False)


@dataclass(frozen=True, slots=True)
class Case:
    """``when``: in which circumstances."""

    when: str
    check: Check


def trouble(said: Refusal | None) -> Trouble:
    assert said is not None
    return said.trouble()


def told(verdict: Verdict, said: Refusal | None) -> Told:
    assert said is not None
    return Told(verdict, said.what, said.seen, said.mend)


def of_common() -> Iterator[Case]:
    """What every action meets."""
    for when, seen, action in situations():
        found = [each for each in common(action, TARGET, seen) if each.verdict is not Verdict.PASS]
        assert len(found) == 1, (when, found)
        yield Case(when, found[0])


def situations() -> Iterator[tuple[str, Situation, Any]]:
    for when, otherwise in circumstances():
        yield when, situation(**otherwise), SNAPSHOT
    for role in (Role.VIEWER, Role.OPERATOR):
        yield f"a reboot by one who is {role.word}", situation(role=role), REBOOT


def circumstances() -> Iterator[tuple[str, dict[str, Any]]]:
    full = Trouble("The audit log cannot be written.", seen="ENOSPC: 0.0 MiB are free", mend="Make room there.")
    yield "the disk of the audit is full", {"audit": full}
    yield from locked_out()
    yield "STS has not answered", {"caller_account": None}
    yield "the credentials are of another account", {"caller_account": "999900001111"}
    yield "the credentials are for another region", {"caller_region": "us-east-1"}
    yield "by one who is viewer", {"role": Role.VIEWER}
    yield from denials()
    yield from factors()
    yield from freezes()
    others = (UnderWay(OP, "snapshot", "bob", "in-flight", NOW - timedelta(seconds=38)),)
    yield "another is under way there", {"under_way": others}
    yield "another was over a moment ago", {"cool_down": told(Verdict.BLOCK, cooled(timedelta(minutes=11)))}
    yield from clocks()
    yield from approvals()
    yield from onlookers()


def onlookers() -> Iterator[tuple[str, dict[str, Any]]]:
    for watchers, who in ((3, "two others see"), (SOME, "others may see")):
        for by_code, how in ((True, "a code can be typed"), (False, "there is no second factor")):
            wanted = told(Verdict.WARN, to_prove(watchers, by_code=by_code))
            yield f"{who} the terminal, and {how}", {"shared": wanted, "proves_by_code": by_code}
        yield f"{who} the terminal, and nothing was proved", {"shared": told(Verdict.BLOCK, unproved(watchers))}


def locked_out() -> Iterator[tuple[str, dict[str, Any]]]:
    before = Moment(NOW - timedelta(minutes=14), 0.0)
    yield "nobody was here for a while", {"locked_out": trouble(Idle(before).why_locked(Moment(NOW, 840.0)))}
    other = [Endpoint("rds", "rds", "http://169.254.0.9:4566")]
    yield "another endpoint is set", {"locked_out": trouble(elsewhere(other, {"AWS_ENDPOINT_URL": "x"}, demo=None))}
    yield "another endpoint is configured", {"locked_out": trouble(elsewhere(other, {}, demo=None))}
    yield "the demo is not the demo's", {"locked_out": trouble(elsewhere(other, {}, demo="http://127.0.0.1:9"))}


def denials() -> Iterator[tuple[str, dict[str, Any]]]:
    aim = Aim("snapshot.instance", Role.OPERATOR, ("rds:CreateDBSnapshot",), (TARGET.arn,))
    why = Denial(Role.ADMIN, Proof.REFUSED, refusal("STS refuses the role.", "AccessDenied", "Ask for it."))
    grant = Grant(Role.OPERATOR, Safe(ALICE), Safe("111122223333"), Safe(f"STS grants {ROLE}"), NOW, ROLE, (why,))
    yes = Said(Word.ALLOWED)
    wrong = Ceiling().was_wrong("snapshot.instance", "AccessDenied: not authorized to perform rds:CreateDBSnapshot")
    no = Said(Word.DENIED, Safe("the boundary dbconsole-boundary"), is_explicit=True)
    unasked_of_iam = Said(Word.UNKNOWN, Safe("iam:SimulatePrincipalPolicy is not allowed"))
    own = replace(grant, assumes="")
    for when, found in (
        ("AWS has refused it before", why_locked(aim, grant, wrong, yes)),
        ("IAM's simulation denies it", why_locked(aim, grant, Ceiling(), no)),
        ("IAM cannot be asked, and the keys are one's own", why_locked(aim, own, Ceiling(), unasked_of_iam)),
    ):
        yield when, {"denial": trouble(found)}


def factors() -> Iterator[tuple[str, dict[str, Any]]]:
    caller, device = identity(ALICE), SureRole(mfa_serial="arn:aws:iam::111122223333:mfa/{user}")
    now = Moment(NOW, 3600.0)
    old = MfaAge(Moment(NOW - timedelta(minutes=40), 1200.0))
    for when, said, known in (
        ("no code was typed", device, MfaAge()),
        ("the last code is old", device, old),
        ("the profile names no device", SureRole(), MfaAge()),
    ):
        asked = demand(Role.OPERATOR, said, known, caller, now, is_demo=False)
        yield when, {"mfa": told(Verdict.BLOCK, asked.refusal)}


def freezes() -> Iterator[tuple[str, dict[str, Any]]]:
    window = Freeze(State.FROZEN, name=Safe("Q4 close"), source=Safe("the profile"), until=NOW + timedelta(hours=3))
    endless = replace(window, until=None)
    passive = Freeze(State.FROZEN, is_passive=True, source=Safe("/etc/dbconsole/freezes.toml"))
    unknown = Freeze(State.UNKNOWN, source=Safe("the calendar on-call"), seen=Safe("ssm:GetCalendarState is denied"))
    for when, freeze, verdict in (
        ("a freeze that has an end", window, Verdict.BLOCK),
        ("a freeze that has none", endless, Verdict.BLOCK),
        ("the switch to passive", passive, Verdict.BLOCK),
        ("a calendar that cannot be asked, for what no freeze lets through", unknown, Verdict.BLOCK),
        ("a calendar that cannot be asked, for a snapshot", unknown, Verdict.WARN),
    ):
        yield when, {"freeze": told(verdict, freeze.refusal(NOW)), "is_passive": freeze.is_passive}


def cooled(ago: timedelta) -> Refusal:
    former = Former(OP, Safe("failover"), Safe("bob"), NOW - ago)
    found = cooling([former], {"failover": CoolDown(Safe("Failed over"), timedelta(hours=1))}, NOW)
    assert found is not None
    return found.refusal(NOW)


def clocks() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "nobody has told the time", {"skew": None}
    for seconds in (61, -250, 301):
        yield f"this clock is {seconds:+d} s off", {"skew": timedelta(seconds=seconds)}


def approvals() -> Iterator[tuple[str, dict[str, Any]]]:
    asked = ask("sha256:" + "0" * 64, OP, Requester("alice"), NOW, "0" * 32)
    for needed in (1, 2):
        yield (
            f"{needed} must approve, and nobody has",
            {"approvals": told(Verdict.BLOCK, missing(asked, [], needed, NOW))},
        )
        yield f"{needed} must approve, once it is confirmed", {"approvals": unasked(needed, sends=False)}
        yield f"{needed} must approve, and nobody was asked", {"approvals": unasked(needed, sends=True)}


# --- a snapshot's own


def creating(operation: str, listed: str, **told: str) -> dict[str, Any]:
    return {operation: {listed: [told]}}


A_DAY_S = [
    {"SnapshotSource": "manual", "NodeSnapshots": [{"SnapshotCreateTime": NOW - timedelta(hours=n)}]} for n in range(20)
]
REPLICAS_ALONE = {
    "DescribeReplicationGroups": {"ReplicationGroups": [{"NodeGroups": [{"NodeGroupMembers": MEMBERS[:1]}]}]}
}
WAITS = {"PendingModifiedValues": {"DBInstanceClass": "db.r7g.large", "MultiAZ": True}}
LOOKS: tuple[tuple[str, str, str, Any, Mapping[tuple[str, str], float]], ...] = (
    ("snapshot.instance", "status", "it is being backed up", recorded(instance(DBInstanceStatus="backing-up")), {}),
    ("snapshot.instance", "status", "it tells no state", recorded(instance(DBInstanceStatus="")), {}),
    (
        "snapshot.instance",
        "member",
        "it is a member of a cluster",
        recorded(instance(DBClusterIdentifier="catalogue")),
        {},
    ),
    ("snapshot.instance", "pause", "Single-AZ, and its load is not known", recorded(instance(MultiAZ=False)), {}),
    (
        "snapshot.instance",
        "pause",
        "Single-AZ, in a quiet hour",
        recorded(instance(MultiAZ=False)),
        {("billing", "CPUUtilization"): 12.0},
    ),
    (
        "snapshot.instance",
        "pause",
        "Single-AZ, in a busy hour",
        recorded(instance(MultiAZ=False)),
        {("billing", "CPUUtilization"): 71.0},
    ),
    (
        "snapshot.instance",
        "pause",
        "SQL Server, in a busy hour",
        recorded(instance(Engine="sqlserver-ee")),
        {("billing", "CPUUtilization"): 71.0},
    ),
    (
        "snapshot.instance",
        "creating",
        "one is being made",
        recorded(creating("DescribeDBSnapshots", "DBSnapshots", Status="creating", DBSnapshotIdentifier="nightly")),
        {},
    ),
    ("snapshot.instance", "quota", "none are left", recorded(quota(100, 100)), {}),
    ("snapshot.instance", "quota", "few are left", recorded(quota(97, 100)), {}),
    ("snapshot.instance", "quota", "it may not be asked", recorded(lacks="DescribeAccountAttributes"), {}),
    ("snapshot.instance", "key", "it is disabled", recorded(key("Disabled")), {}),
    ("snapshot.instance", "key", "it tells no state", recorded(key("")), {}),
    ("snapshot.instance", "key", "it may not be asked", recorded(lacks="DescribeKey"), {}),
    ("snapshot.instance", "pending", "changes wait", recorded(instance(**WAITS)), {}),
    ("snapshot.cluster", "status", "it fails over", recorded(cluster(Status="failing-over")), {}),
    (
        "snapshot.cluster",
        "creating",
        "one is being made",
        recorded(
            creating(
                "DescribeDBClusterSnapshots",
                "DBClusterSnapshots",
                Status="creating",
                DBClusterSnapshotIdentifier="nightly",
            )
        ),
        {},
    ),
    ("snapshot.cluster", "quota", "none are left", recorded(quota(100, 100)), {}),
    (
        "snapshot.cluster",
        "key",
        "it is disabled",
        recorded(cluster(KmsKeyId="arn:aws:kms:eu-west-1:111122223333:key/2e"), key("PendingDeletion")),
        {},
    ),
    ("snapshot.cluster", "pending", "changes wait", recorded(cluster(**WAITS)), {}),
    ("snapshot.cache", "status", "it is being backed up", recorded(node(CacheClusterStatus="snapshotting")), {}),
    (
        "snapshot.cache",
        "creating",
        "one is being made",
        recorded(
            creating(
                "DescribeSnapshots",
                "Snapshots",
                SnapshotStatus="creating",
                SnapshotName="nightly",
                SnapshotSource="automated",
            )
        ),
        {},
    ),
    ("snapshot.cache", "quota", "twenty were made today", recorded({"DescribeSnapshots": {"Snapshots": A_DAY_S}}), {}),
    ("snapshot.cache", "memory", "it is not known", recorded(), {}),
    (
        "snapshot.cache",
        "memory",
        "little is left",
        recorded(),
        {("sessions-001", "DatabaseMemoryUsagePercentage"): 81.0},
    ),
    ("snapshot.cache", "replica", "it is a primary, and there is a replica", recorded(), {}),
    ("snapshot.cache", "replica", "it is in no group", recorded(node(ReplicationGroupId="")), {}),
    ("snapshot.cache", "pending", "changes wait", recorded(node(PendingModifiedValues={"NumCacheNodes": 2})), {}),
    ("snapshot.table", "status", "it is being made", recorded(table(TableStatus="CREATING")), {}),
    (
        "snapshot.table",
        "creating",
        "one is being made",
        recorded(creating("ListBackups", "BackupSummaries", BackupStatus="CREATING", BackupName="nightly")),
        {},
    ),
    ("snapshot.table", "key", "it is disabled", recorded(key("Disabled")), {}),
)
NAMES = {"instance": "billing", "cluster": "catalogue", "cache": "sessions-001", "table": "carts"}


def target_of(name: str) -> Target:
    kind = next(action.kind for action in ACTIONS if action.name == name)
    return replace(TARGET, about=NAMES[kind], name=NAMES[kind], kind=kind)


async def of_snapshots(now: datetime = NOW) -> AsyncIterator[tuple[str, Case]]:
    """By the action, what its own checks say."""
    for name, check, when, reader, values in LOOKS:
        craft = crafts(lambda about, value, known=values: known.get((about, value)), Inside(), NoHands())[name]  # type: ignore[misc]
        sight = await craft.look(reader, target_of(name), now)
        found = next(each for each in sight.checks if each.name == check)
        assert found.verdict is not Verdict.PASS, (name, check, when)
        yield name, Case(when, found)


async def of_actions_own() -> AsyncIterator[tuple[str, Case]]:
    async for name, case in of_snapshots():
        yield name, case
    async for name, found in of_failovers():
        yield name, Case(found.when, found.check)
    async for name, when, check in of_caches():
        yield name, Case(when, check)
    async for name, when, check in of_plans():
        yield name, Case(when, check)


def text(case: Case) -> Iterator[str]:
    check = case.check
    yield f"[{check.name}] {check.verdict}, override {check.override}: {case.when}"
    yield from (f"    {line}" for line in check.lines())
    yield ""
