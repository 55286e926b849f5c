"""An RDS instance fails over to its standby: a reboot that AWS is told to do in the other zone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from collectors.aws.answers import Answer, many, text, within, words
from collectors.aws.reader import Reader
from collectors.safe import Safe, sanitise
from console.actions.check import Check, Override, Verdict, found, passed
from console.actions.craft import Craft, Progress, Sent, Sight
from console.actions.failovers import looked, told
from console.actions.failovers import within as inside_of
from console.actions.failovers.proving import After, outcome
from console.actions.known import KnownInside
from console.actions.plan import Facts, Plan, Target, facts
from console.actions.registry import Action

STARTED = re.compile(r"failover started", re.IGNORECASE)
COMPLETED = re.compile(r"failover (to standby )?complete", re.IGNORECASE)
REFUSED = re.compile(r"not attempting|n.t attempting|abandon", re.IGNORECASE)
RESTORABLE = timedelta(minutes=15)
SAME = (
    *("DBInstanceArn", "DBInstanceStatus", "Engine", "MultiAZ", "AvailabilityZone", "SecondaryAvailabilityZone"),
    "DbiResourceId",
)


class OfInstances(Craft):
    def __init__(self, action: Action, inside: KnownInside) -> None:
        self.action = action
        self._inside = inside

    async def look(self, reader: Reader, target: Target, now: datetime) -> Sight:
        there, events, taken, due = await asyncio.gather(
            looked.instance(reader, target.name),
            told.events(reader, "rds", now - told.DAY, **_of(target.name)),
            reader.call("rds", "DescribeDBSnapshots", DBInstanceIdentifier=target.name),
            looked.due(reader, target.arn),
        )
        standby = text(there, "SecondaryAvailabilityZone")
        checks = (
            _member(there, target, now),
            looked.status(text(there, "DBInstanceStatus"), ("available",), now, target.name, "RDS reboots"),
            _standby(there, target, now),
            *self._inside_it(there, target, now),
            looked.none_creating(many(taken, "DBSnapshots"), now, target.name),
            _restorable(there, now),
            looked.zone(standby, self._inside.failing(standby, target.about), now),
            looked.recent(events, told.last(events, COMPLETED), now),
            looked.pending([there], due, now),
        )
        expected = looked.same(there, *SAME) | told.fingerprint(events, COMPLETED)
        hit = inside_of.radius(self._inside, target.about, "DatabaseConnections", now)
        radius = (*hit, *self._replicas(there, target, now))
        az = sanitise(text(there, "AvailabilityZone"))
        return Sight(now, facts(expected), checks, az, radius, to=sanitise(standby))

    def _inside_it(self, there: Answer, target: Target, now: datetime) -> tuple[Check, ...]:
        """Only SQL Server's standby can be told of: of the others RDS copies the volume, and says nothing of it."""
        about = target.about
        longest = inside_of.transaction(self._inside, about, now)
        if not text(there, "Engine").startswith("sqlserver"):
            return (longest,)
        return *inside_of.synchronised(self._inside, about, now), longest, inside_of.jobs(self._inside, about, now)

    def _replicas(self, there: Answer, target: Target, now: datetime) -> tuple[Safe, ...]:
        names = words(there, "ReadReplicaDBInstanceIdentifiers")
        if not names:
            return ()
        ids = {name: self._inside.called(name, target.about) for name in names}
        lags = (f"{name} {inside_of.lag(self._inside, ids[name], 'ReplicaLag', 1.0, now)[1]}" for name in names)
        followers = "1 read replica stalls" if len(names) == 1 else f"{len(names)} read replicas stall"
        return (sanitise(f"{followers} until it is back: {'; '.join(lags)}."),)

    def parameters(self, target: Target, sight: Sight) -> Facts:
        return facts({"DBInstanceIdentifier": target.name})

    def makes(self, plan: Plan) -> str:
        return ""

    def request(self, plan: Plan) -> Mapping[str, Any]:
        return {**dict(plan.parameters), "ForceFailover": True}

    def arns(self, plan: Plan) -> tuple[str, ...]:
        return (plan.target.arn,)

    async def progress(self, reader: Reader, plan: Plan, sent: Sent) -> Progress:
        name, expected = plan.target.name, dict(plan.expected)
        there = await looked.instance(reader, name)
        events = await told.since(reader, plan, sent, "rds", **_of(name))
        status, az = text(there, "DBInstanceStatus"), text(there, "AvailabilityZone")
        before = expected.get("AvailabilityZone", az)
        asked = status == "available" and not sent.is_accepted
        names = (name, plan.target.arn)
        return outcome(
            After(
                status=status,
                is_settled=status == "available",
                is_at_it=status == "rebooting",
                moves=f"the zones have not changed places ({az})",
                moved=f"it is in {az}, and was in {before}" if az != before else "",
                began=told.first(events, STARTED),
                completed=told.last(events, COMPLETED),
                refused=told.last(events, REFUSED),
                probed=self._inside.probed(plan.op),
                trail=await told.trail(reader, plan, sent, "RebootDBInstance", names) if asked else told.NO_TRAIL,
            ),
            sent,
        )


def _of(name: str) -> dict[str, str]:
    return {"SourceIdentifier": name, "SourceType": "db-instance"}


def _member(there: Answer, target: Target, now: datetime) -> Check:
    cluster, engine = text(there, "DBClusterIdentifier"), text(there, "Engine")
    if cluster:
        lines = (f"{target.name} is a member of {cluster}.", "a reboot of a member moves no role",
                 f"Fail {cluster} over: press the key there.")  # fmt: skip
        return found("member", Verdict.BLOCK, now, lines)
    if engine.startswith("custom-"):
        lines = (f"{target.name} is RDS Custom.", engine, "Fail it over as whoever keeps its host does.")
        return found("member", Verdict.BLOCK, now, lines)
    return passed("member", now, "It is an instance of its own.")


def _standby(there: Answer, target: Target, now: datetime) -> Check:
    standby = text(there, "SecondaryAvailabilityZone")
    if within(there, "MultiAZ") is True and standby:
        return passed("standby", now, f"Its standby is in {standby}.")
    if within(there, "MultiAZ") is True:
        seen, mend = "Multi-AZ, and no zone is told", "Wait until RDS has made its standby, then ask again."
    else:
        seen, mend = "Single-AZ", "Make it Multi-AZ first, in a quiet hour."
    return found("standby", Verdict.BLOCK, now, ("No standby: this would be an outage, not a failover.", seen, mend))


def _restorable(there: Answer, now: datetime) -> Check:
    until = within(there, "LatestRestorableTime")
    if not isinstance(until, datetime):
        lines = ("It cannot be restored to any time of today.", "RDS tells no LatestRestorableTime",
                 "Turn its backups on, take a snapshot first, or say why now.")  # fmt: skip
        return found("restorable", Verdict.BLOCK, now, lines, Override.REASON)
    age = now - until
    minutes = max(0.0, age.total_seconds() / 60)
    if age <= RESTORABLE:
        return passed("restorable", now, f"It can be restored to {minutes:.0f} min ago.")
    lines = (f"Latest restorable time is {minutes:.0f} min old.", f"{until:%Y-%m-%d %H:%M:%SZ}",
             "Look at `:backups`, take a snapshot first, or say why now.")  # fmt: skip
    return found("restorable", Verdict.BLOCK, now, lines, Override.REASON)
