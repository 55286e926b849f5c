"""How are caches backed up? By a snapshot a day of one node of each group, as ElastiCache tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from collectors.aws.answers import Answer, many, shown, text, within
from collectors.aws.backups.questions import Question
from collectors.aws.backups.sheet import Sheet, moment
from collectors.inside.backups import Copy, Kind, Outcome, Task
from collectors.safe import NO_TEXT, Safe, sanitise

CACHES = Question("elasticache", "DescribeCacheClusters", "CacheClusters")
GROUPS = Question("elasticache", "DescribeReplicationGroups", "ReplicationGroups")
SNAPSHOTS = Question("elasticache", "DescribeSnapshots", "Snapshots")

OUTCOMES = {
    **dict.fromkeys(("available", "restoring", "copying", "exporting"), Outcome.DONE),
    "creating": Outcome.RUNNING,
}
SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)i?B\s*", re.IGNORECASE)
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}


def cache(sheet: Sheet, answer: Answer) -> None:
    """One that is in no group; of those in one the group says the rest."""
    sheet.keep_days(within(answer, "SnapshotRetentionLimit"))
    sheet.window = shown(answer, "SnapshotWindow")


def group(sheets: Mapping[str, Sheet], answer: Answer, roles: Mapping[str, str]) -> str:
    """Whose snapshots are the group's: the node they are taken of, else its primary. Empty where none is known."""
    nodes = [member for shard in many(answer, "NodeGroups") for member in many(shard, "NodeGroupMembers")]
    mine = [name for node in nodes if (name := text(node, "CacheClusterId")) in sheets]
    named = text(answer, "SnapshottingClusterId")
    keeper = named if named in mine else min(mine, key=lambda name: (roles.get(name) != "primary", name), default="")
    for name in mine:
        sheet = sheets[name]
        if name != keeper:
            sheet.kept_by, sheet.retention_s = sheets[keeper].found.id, None
            continue
        if within(answer, "SnapshotRetentionLimit") is not None:
            sheet.keep_days(within(answer, "SnapshotRetentionLimit"))
        sheet.window = shown(answer, "SnapshotWindow") or sheet.window
        if key := text(answer, "KmsKeyId"):
            sheet.keys.add(key)
        members = {text(node, "CacheClusterId") for node in nodes}
        if sheet.retention_s and (why := _nothing_to_take(answer, members)):
            sheet.tasks.append(
                Task(Safe("snapshot"), shown(answer, "ReplicationGroupId"), Outcome.FAILED, None, why=why)
            )
    return keeper


def snapshot(sheet: Sheet, answer: Answer, now: datetime) -> None:
    state, name = text(answer, "SnapshotStatus"), text(answer, "SnapshotName")
    if state == "deleting" or not name:
        return
    nodes = many(answer, "NodeSnapshots")
    taken = [found for node in nodes if (found := moment(within(node, "SnapshotCreateTime")))]
    outcome = OUTCOMES.get(state, Outcome.FAILED)
    sheet.copies[name] = Copy(
        name=sanitise(name),
        kind=Kind.AUTOMATED if text(answer, "SnapshotSource") == "automated" else Kind.MANUAL,
        taken=min(taken, default=now),  # of shards the earliest: all of it is no newer than that
        outcome=outcome,
        bytes=_bytes([text(node, "CacheSize") for node in nodes]),
        why=sanitise(f"ElastiCache says: {state}") if outcome is Outcome.FAILED else NO_TEXT,
    )
    if key := text(answer, "KmsKeyId"):
        sheet.keys.add(key)


def size(told: str) -> int | None:
    """`2.5 GB`, as ElastiCache writes it."""
    found = SIZE.fullmatch(told)
    return None if found is None else int(float(found[1]) * 1024 ** _POWERS[found[2].upper()])


def _bytes(told: Iterable[str]) -> int | None:
    sizes = [size(each) for each in told]
    return sum(each or 0 for each in sizes) if sizes and None not in sizes else None


def _nothing_to_take(answer: Answer, members: set[str]) -> Safe:
    """A group with shards names no node: AWS takes one of each."""
    named = text(answer, "SnapshottingClusterId")
    if named:
        return NO_TEXT if named in members else sanitise(f"It is to be taken of {named}, which is not in the group.")
    return NO_TEXT if within(answer, "ClusterEnabled") is not False else Safe("No node is named to take it of.")
