"""Which shard is a node in, how is it, and which events are about it?"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass

from collectors.aws.answers import Answer, many, text
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect
from console.actions.failovers import told
from console.actions.failovers.told import Events

CALLED = re.compile(r"test failover api called for node group (?P<shard>\S+)", re.IGNORECASE)
MOVED = re.compile(r"failover from primary node (?P<old>\S+) to replica node (?P<new>\S+) completed", re.IGNORECASE)
FINISHED = re.compile(r"finished recovery for cache node", re.IGNORECASE)
GROUP, SHARD = "ReplicationGroupId", "NodeGroupId"


@dataclass(frozen=True, slots=True)
class Shard:
    """As its group tells of it at one moment. ``nodes``: those of this shard, each as ElastiCache describes it."""

    group: Answer
    answer: Answer
    nodes: tuple[Answer, ...]

    @property
    def name(self) -> str:
        return text(self.group, GROUP)

    @property
    def id(self) -> str:
        return text(self.answer, SHARD)

    @property
    def roles(self) -> dict[str, str]:
        """Empty words where AWS keeps them to itself, as of groups of several shards."""
        members = many(self.answer, "NodeGroupMembers")
        return {text(each, "CacheClusterId"): text(each, "CurrentRole") for each in members}

    @property
    def primary(self) -> str:
        return next((name for name, role in self.roles.items() if role == "primary"), "")

    def zone(self, name: str) -> str:
        members = many(self.answer, "NodeGroupMembers")
        named = (each for each in members if text(each, "CacheClusterId") == name)
        return next((text(each, "PreferredAvailabilityZone") for each in named), "")

    @property
    def unwell(self) -> str:
        """What keeps it from being well, in AWS's words; empty where nothing does."""
        states = {
            f"the group {self.name}": text(self.group, "Status"),
            f"the shard {self.id}": text(self.answer, "Status"),
            **{text(each, "CacheClusterId"): text(each, "CacheClusterStatus") for each in self.nodes},
        }
        return ", ".join(f"{name} is {state or 'not told'}" for name, state in states.items() if state != "available")

    def others(self) -> Iterator[Answer]:
        return (each for each in many(self.group, "NodeGroups") if text(each, SHARD) != self.id)


async def seen(reader: Reader, node: str) -> Shard:
    """That the node is in. Raises `CannotCollect` where it is in none."""
    own = await _node(reader, node)
    group_id = text(own, GROUP)
    if not group_id:
        raise CannotCollect(f"{node} is in no replication group.", seen="a node alone",
                            mend="Nothing could take over: give it a replica first.")  # fmt: skip
    answer = await reader.call("elasticache", "DescribeReplicationGroups", ReplicationGroupId=group_id)
    group: Answer = next(iter(many(answer, "ReplicationGroups")), {})
    for shard in many(group, "NodeGroups"):
        names = [text(each, "CacheClusterId") for each in many(shard, "NodeGroupMembers")]
        if node in names:
            others = await asyncio.gather(*(_node(reader, name) for name in names if name != node))
            return Shard(group, shard, (own, *others))
    raise CannotCollect(f"{group_id} tells of no shard with {node}.", mend="Refresh with Ctrl+R and look again.")


async def _node(reader: Reader, name: str) -> Answer:
    answer = await reader.call("elasticache", "DescribeCacheClusters", CacheClusterId=name)
    found_node = next(iter(many(answer, "CacheClusters")), None)
    if found_node is None:
        raise CannotCollect(f"ElastiCache knows no {name} any more.", mend="Refresh with Ctrl+R and look again.")
    return found_node


def of(shard: Shard, events: Events) -> Events:
    """Of this shard: its nodes' events, and of the group's those that name one of its nodes, or the shard."""
    if events is None:
        return None
    nodes = set(shard.roles)

    def concerns(each: told.Told) -> bool:
        if each.about in nodes and not CALLED.search(each.text):
            return True
        moved, called = MOVED.search(each.text), CALLED.search(each.text)
        is_of_the_group = each.about == shard.name or each.about in nodes
        return is_of_the_group and bool((moved and moved["old"] in nodes) or (called and called["shard"] == shard.id))

    return tuple(each for each in events if concerns(each))


def called(events: Events, shard: str) -> told.Told | None:
    """When its test was asked for last."""
    calls = (each for each in reversed(events or ()) if (match := CALLED.search(each.text)) and match["shard"] == shard)
    return next(calls, None)
