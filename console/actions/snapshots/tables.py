"""Backups of DynamoDB tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from collectors.aws.answers import Answer, many, text, within
from collectors.aws.reader import Reader
from collectors.safe import Safe, sanitise
from console.actions.craft import Craft, Progress, Sent, Sight, Way
from console.actions.plan import Facts, Plan, Target, facts
from console.actions.registry import Action
from console.actions.snapshots import looked, marks

FINE = frozenset({"ACTIVE", "UPDATING"})
SAME = ("TableArn", "TableId", "TableStatus")
WAYS = {"CREATING": Way.UNDER_WAY, "AVAILABLE": Way.DONE}
NONE_THERE = Progress(Way.ABSENT, Safe("DynamoDB knows no backup of that name."))


class OfTables(Craft):
    """A backup has no tags of its own: it is known by its name, which no other plan gives."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def look(self, reader: Reader, target: Target, now: datetime) -> Sight:
        answer = await reader.call("dynamodb", "DescribeTable", TableName=target.name)
        table: Answer = within(answer, "Table") or {}
        taken = await reader.call("dynamodb", "ListBackups", TableName=target.name)
        creating = [
            text(b, "BackupName") for b in many(taken, "BackupSummaries") if text(b, "BackupStatus") == "CREATING"
        ]
        checks = (
            looked.status(text(table, "TableStatus"), FINE, now, target.name),
            looked.none_creating(creating, now, target.name),
            await looked.key(reader, text(table, "SSEDescription", "KMSMasterKeyArn"), now),
        )
        rows = within(table, "ItemCount")
        radius = (sanitise(f"It held {rows:,} items some hours ago."),) if isinstance(rows, int) else ()
        return Sight(now, facts(looked.fingerprint_of(table, *SAME)), checks, Safe("all zones"), radius)

    def parameters(self, target: Target, sight: Sight) -> Facts:
        return facts({"TableName": target.name})

    def makes(self, plan: Plan) -> str:
        return marks.name(plan)

    def request(self, plan: Plan) -> Mapping[str, Any]:
        return {**dict(plan.parameters), "BackupName": marks.name(plan)}

    def arns(self, plan: Plan) -> tuple[str, ...]:
        return (plan.target.arn,)

    async def progress(self, reader: Reader, plan: Plan, sent: Sent) -> Progress:
        name = marks.name(plan)
        async for page in reader.pages("dynamodb", "ListBackups", TableName=plan.target.name, BackupType="USER"):
            for made in many(page, "BackupSummaries"):
                if text(made, "BackupName") == name:
                    return _told(made)
        return NONE_THERE


def _told(made: Answer) -> Progress:
    state, size = text(made, "BackupStatus"), within(made, "BackupSizeBytes")
    way = WAYS.get(state, Way.FAILED)
    proof = (sanitise(f"{text(made, 'BackupArn')} of {size if size is not None else 'an unknown number of'} bytes"),)
    return Progress(way, sanitise(state.lower()), None, proof=proof)
