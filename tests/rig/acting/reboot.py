"""An action that is not idempotent, for tests alone: a database fails over to its standby, and does so each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.aws.answers import Answer, many, text, within
from collectors.aws.reader import Reader
from collectors.safe import Safe, sanitise
from console.access.role import Role
from console.actions.check import Verdict, found, passed
from console.actions.craft import Craft, Progress, Sight, Way
from console.actions.plan import Facts, Plan, Target, facts
from console.actions.registry import ACTIONS
from console.actions.snapshots import looked

OVER = "Multi-AZ instance failover completed"
SAME = ("DBInstanceArn", "DBInstanceStatus", "AvailabilityZone")
ACTION = replace(
    ACTIONS[0],
    name=Safe("exercise.reboot"),
    offer=Safe("reboot"),
    title=Safe("Reboot"),
    done=Safe("Rebooted"),
    key="R",
    operation="RebootDBInstance",
    grants=("rds:RebootDBInstance",),
    least=Role.ADMIN,
    effect="Reboot of {name} ({region}, {az}, account {account}): its standby takes over.",
    goes_on=Safe("the reboot goes on"),
    in_a_freeze=False,
    first=Safe("snapshot"),
    overdue_after=timedelta(hours=1),
)


class Reboots(Craft):
    """`RebootDBInstance` with failover. Nothing marks what it does: the events of its instance prove it."""

    action = ACTION

    async def look(self, reader: Reader, target: Target, now: datetime) -> Sight:
        there = await _described(reader, target.name)
        standby = text(there, "SecondaryAvailabilityZone")
        alone = ("There is no standby: this would be an outage.", "Single-AZ", "Choose one that has a standby.")
        checks = (
            looked.status(text(there, "DBInstanceStatus"), frozenset({"available"}), now, target.name),
            passed("standby", now, standby) if standby else found("standby", Verdict.BLOCK, now, alone),
        )
        return Sight(now, facts(looked.fingerprint_of(there, *SAME)), checks, looked.az(there, "AvailabilityZone"))

    def parameters(self, target: Target, sight: Sight) -> Facts:
        return facts({"DBInstanceIdentifier": target.name})

    def makes(self, plan: Plan) -> str:
        return ""

    def request(self, plan: Plan) -> Mapping[str, Any]:
        return {**dict(plan.parameters), "ForceFailover": True}

    def arns(self, plan: Plan) -> tuple[str, ...]:
        return (plan.target.arn,)

    async def progress(self, reader: Reader, plan: Plan) -> Progress:
        status = text(await _described(reader, plan.target.name), "DBInstanceStatus")
        if status == "rebooting":
            return Progress(Way.UNDER_WAY, Safe("rebooting"))
        since = datetime.fromtimestamp(plan.made_ms / 1000, UTC)
        told = await reader.call(
            "rds", "DescribeEvents", SourceIdentifier=plan.target.name, SourceType="db-instance", StartTime=since
        )
        over = [each for each in many(told, "Events") if text(each, "Message") == OVER]
        if not over:
            return Progress(Way.ABSENT, Safe("RDS tells of no failover."))
        return Progress(Way.DONE, sanitise(status), None, proof=(sanitise(f"{OVER} at {within(over[0], 'Date')}"),))


async def _described(reader: Reader, name: str) -> Answer:
    told = await reader.call("rds", "DescribeDBInstances", DBInstanceIdentifier=name)
    return many(told, "DBInstances")[0]
