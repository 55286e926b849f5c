"""Snapshots of Redis and Valkey nodes: taken of a replica where there is one, and of a node with memory to spare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from collectors.aws.answers import Answer, many, text, within
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect
from collectors.safe import Safe, sanitise
from console.actions.check import Check, Override, Verdict, found, passed
from console.actions.craft import Craft, Progress, Sent, Sight, Way
from console.actions.plan import Facts, Plan, Target, facts
from console.actions.registry import Action
from console.actions.snapshots import looked, marks
from console.actions.snapshots.looked import Value

FINE = frozenset({"available"})
ROOM_PERCENT = 25.0
MOST_A_DAY = 20  # manual ones of one node in 24 hours
A_DAY_ON = "Wait until the first of them is a day old: to delete it does not help."
SAME = ("ARN", "CacheClusterStatus", "Engine", "ReplicationGroupId", "PreferredAvailabilityZone")
WAYS = {"creating": Way.UNDER_WAY, **dict.fromkeys(("available", "exporting", "copying", "restoring"), Way.DONE)}
MOST_NAME = 50  # characters: so long may the name of what it is taken of be, and none is told for a snapshot's
NONE_THERE = Progress(Way.ABSENT, Safe("ElastiCache knows no snapshot of that name."))


class OfCaches(Craft):
    def __init__(self, action: Action, value: Value) -> None:
        self.action = action
        self._value = value

    async def look(self, reader: Reader, target: Target, now: datetime) -> Sight:
        answer = await reader.call("elasticache", "DescribeCacheClusters", CacheClusterId=target.name)
        node = next(iter(many(answer, "CacheClusters")), None)
        if node is None:
            raise CannotCollect(
                f"ElastiCache knows no {target.name} any more.", mend="Refresh with Ctrl+R, look again."
            )
        taken = await reader.call("elasticache", "DescribeSnapshots", CacheClusterId=target.name)
        by_hand = [each for each in many(taken, "Snapshots") if text(each, "SnapshotSource") != "automated"]
        creating = [
            text(s, "SnapshotName") for s in many(taken, "Snapshots") if text(s, "SnapshotStatus") == "creating"
        ]
        checks = (
            looked.status(text(node, "CacheClusterStatus"), FINE, now, target.name),
            looked.none_creating(creating, now, target.name),
            looked.quota(_in_a_day(by_hand, now), MOST_A_DAY, now, "manual snapshots of this node in a day", A_DAY_ON),
            self._room(target, now),
            await _role(reader, text(node, "ReplicationGroupId"), target, now),
            looked.pending(node, now),
        )
        return Sight(
            now,
            facts(looked.fingerprint_of(node, *SAME)),
            checks,
            looked.az(node, "PreferredAvailabilityZone"),
            looked.connected(self._value, target.about, "CurrConnections"),
        )

    def _room(self, target: Target, now: datetime) -> Check:
        """Redis forks for it: what is written meanwhile is kept twice."""
        used = self._value(target.about, "DatabaseMemoryUsagePercentage")
        if used is None:
            told = (
                "How much memory the node has left is not known.",
                "CloudWatch has no fresh value.",
                "Look at `:memory`.",
            )
            return found("memory", Verdict.UNKNOWN, now, told, Override.REASON)
        left = 100.0 - used
        if left < ROOM_PERCENT:
            told = (f"The node has {left:.0f} % of its memory left.", f"A snapshot wants {ROOM_PERCENT:.0f} %.",
                    "Take it of a replica, or say why now.")  # fmt: skip
            return found("memory", Verdict.BLOCK, now, told, Override.REASON)
        return passed("memory", now, f"{left:.0f} % of the node's memory is free.")

    def parameters(self, target: Target, sight: Sight) -> Facts:
        return facts({"CacheClusterId": target.name})

    def makes(self, plan: Plan) -> str:
        return _name(plan)

    def request(self, plan: Plan) -> Mapping[str, Any]:
        return {**dict(plan.parameters), "SnapshotName": _name(plan), "Tags": marks.tags(plan)}

    def arns(self, plan: Plan) -> tuple[str, ...]:
        """Of the node, of its group where it has one, and of what is made."""
        before = ":".join(plan.target.arn.split(":")[:5])
        group = dict(plan.expected).get("ReplicationGroupId")
        of_group = (f"{before}:replicationgroup:{group}",) if group else ()
        return plan.target.arn, *of_group, f"{before}:snapshot:{_name(plan)}"

    async def progress(self, reader: Reader, plan: Plan, sent: Sent) -> Progress:
        try:
            answer = await reader.call("elasticache", "DescribeSnapshots", SnapshotName=_name(plan))
        except CannotCollect as trouble:
            if "NotFound" not in trouble.seen:
                raise
            return NONE_THERE
        made = next(iter(many(answer, "Snapshots")), None)
        return NONE_THERE if made is None else await _told(reader, made, plan)


def _name(plan: Plan) -> str:
    return marks.name(plan, MOST_NAME)


async def _told(reader: Reader, made: Answer, plan: Plan) -> Progress:
    state = text(made, "SnapshotStatus")
    marked = await reader.call("elasticache", "ListTagsForResource", ResourceName=text(made, "ARN"))
    sizes = [text(node, "CacheSize") for node in many(made, "NodeSnapshots")]
    way = WAYS.get(state, Way.FAILED)
    if way is Way.DONE and not any(size and not size.startswith("0 ") for size in sizes):
        way = Way.FAILED
    proof = (sanitise(f"{plan.target.name} is in it: {', '.join(filter(None, sizes)) or 'no size'}"),)
    return Progress(way, sanitise(state), None, marks.is_marked(many(marked, "TagList"), plan), proof)


async def _role(reader: Reader, group: str, target: Target, now: datetime) -> Check:
    """A primary serves those who write; where it has a replica, that is the one to take it of."""
    if not group:
        told = ("It is a node without a replica: it serves while it forks.", "no replication group", "None needed.")
        return found("replica", Verdict.WARN, now, told, Override.REASON)
    answer = await reader.call("elasticache", "DescribeReplicationGroups", ReplicationGroupId=group)
    shards = [
        many(shard, "NodeGroupMembers") for g in many(answer, "ReplicationGroups") for shard in many(g, "NodeGroups")
    ]
    mine = next((nodes for nodes in shards if any(text(n, "CacheClusterId") == target.name for n in nodes)), [])
    roles = {text(node, "CacheClusterId"): text(node, "CurrentRole") for node in mine}
    others = sorted(name for name, role in roles.items() if role == "replica" and name != target.name)
    if roles.get(target.name) == "replica" or not others:
        return passed("replica", now, "It is taken of a replica." if others else "It has no replica to take it of.")
    told = (f"{target.name} is the primary, and it has a replica.", f"{others[0]} is a replica of the same shard.",
            f"Take it of {others[0]}, or say why of this.")  # fmt: skip
    return found("replica", Verdict.BLOCK, now, told, Override.REASON)


def _in_a_day(snapshots: list[Answer], now: datetime) -> int:
    times = (within(node, "SnapshotCreateTime") for each in snapshots for node in many(each, "NodeSnapshots"))
    return sum(isinstance(t, datetime) and now - t < timedelta(days=1) for t in times)
