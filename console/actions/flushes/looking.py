"""Asks ElastiCache and the nodes themselves who they are, each time anew."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from collectors.aws.answers import Answer, many, tags_of, text
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Expired
from collectors.redis.asking import Question
from console.actions.flushes.nodes import Node, Seen
from console.actions.hands import Hands
from console.actions.known import KnownInside
from console.actions.plan import Target

SECTIONS = ("server", "clients", "memory", "stats", "replication", "cluster", "commandstats", "keyspace")
WHO = Question("flush", sections=SECTIONS)
NEIGHBOURS = Question("flush-cluster", grants=("+cluster|nodes",), commands=(("CLUSTER", "NODES"),))
ALONE = "0001"  # the shard of a node that is in no group


@dataclass(frozen=True, slots=True)
class Eyes:
    """What looks into them: the collectors' own login, and what the estate knows."""

    hands: Hands
    inside: KnownInside

    async def node(self, node: Node) -> Node:
        """As it tells of itself; one that does not answer says why."""
        try:
            cache = self.hands.cache(node.about)
            told = replace(node, info=await cache.ask(WHO))
            if not (told.is_primary and told.is_of_a_cluster):
                return told
            (neighbours,) = await cache.read(NEIGHBOURS)
        except CannotCollect as trouble:
            return replace(node, silence=trouble.line())
        return replace(told, neighbours=str(neighbours))

    def called(self, name: str, target: Target) -> str:
        return self.inside.called(name, target.about)


async def seen(reader: Reader, eyes: Eyes, target: Target) -> Seen:
    """Raises `CannotCollect` where the chosen node, or its group, cannot be seen."""
    answer = await _one(reader, "DescribeCacheClusters", "CacheClusters", CacheClusterId=target.name)
    name = text(answer, "ReplicationGroupId")
    asked = {"ReplicationGroupId": name} if name else {"CacheClusterId": target.name}
    group: Answer = {}
    if name:
        group = await _one(reader, "DescribeReplicationGroups", "ReplicationGroups", ReplicationGroupId=name)
    listed = _listed(group, eyes, target) or (Node(target.name, target.about, ALONE),)
    taken, (tags, doubt), *nodes = await asyncio.gather(
        reader.call("elasticache", "DescribeSnapshots", **asked),
        _tags(reader, eyes, target, text(group, "ARN")),
        *map(eyes.node, listed),
    )
    chosen = next((node for node in nodes if node.name == target.name), None)
    if chosen is None:
        raise CannotCollect(f"{name} tells of no node {target.name}.", mend="Refresh with Ctrl+R and look again.")
    if not chosen.answers:
        raise CannotCollect(f"{target.name} does not answer.", seen=chosen.silence, mend="Look at it: `:cache`.")
    return Seen(chosen, tuple(nodes), answer, group, tuple(many(taken, "Snapshots")), tags, doubt)


def _listed(group: Answer, eyes: Eyes, target: Target) -> tuple[Node, ...]:
    return tuple(
        Node(name, eyes.called(name, target), text(shard, "NodeGroupId"), text(member, "CurrentRole"))
        for shard in many(group, "NodeGroups")
        for member in many(shard, "NodeGroupMembers")
        if (name := text(member, "CacheClusterId"))
    )


async def _one(reader: Reader, operation: str, listed: str, **asked: str) -> Answer:
    found = many(await reader.call("elasticache", operation, **asked), listed)
    if not found:
        name = next(iter(asked.values()))
        raise CannotCollect(f"ElastiCache knows no {name} any more.", mend="Refresh with Ctrl+R and look again.")
    return found[0]


async def _tags(reader: Reader, eyes: Eyes, target: Target, group: str) -> tuple[Mapping[str, str], str]:
    """Of the node and its group, now; where ElastiCache does not say, those that the inventory read last."""
    found: dict[str, str] = {}
    try:
        for arn in filter(None, (target.arn, group)):
            answer = await reader.call("elasticache", "ListTagsForResource", ResourceName=arn)
            found |= tags_of(many(answer, "TagList"))
    except Expired:
        raise
    except CannotCollect as trouble:
        return dict(eyes.inside.tags(target.about)), trouble.line()
    return found, ""
