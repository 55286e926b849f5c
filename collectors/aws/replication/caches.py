"""The primary and the replicas of each shard of a replication group of ElastiCache."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.replication.edges import Edge, End, Estate, Manner
from collectors.aws.replication.judging import Seen, judge
from collectors.aws.replication.rds import ASYNCHRONOUS, AZ
from collectors.safe import Safe, sanitise

LAG = "cloudwatch.ReplicationLag"
MIGRATION = (
    "cloudwatch.MasterLinkHealthStatus"  # of a copy of a server elsewhere: 0 on ordinary nodes, so judged by nobody
)
SHARD, LINK_STATUS = Safe("Shard"), Safe("MasterLinkHealthStatus")


def replicas(estate: Estate) -> Iterator[Edge]:
    for nodes in _shards(estate).values():
        primary = next((each for each in nodes if each.role == "primary"), None)
        for node in nodes:
            if node.role == "replica":
                source = End(primary.id, primary) if primary else End(sanitise(node.ties.group))
                yield _replica(estate, source, node)


def _shards(estate: Estate) -> dict[tuple[Place, str, str], Sequence[Found]]:
    found: defaultdict[tuple[Place, str, str], list[Found]] = defaultdict(list)
    for each in estate.found:
        if each.kind == "cache" and each.ties.group:
            found[each.place, each.ties.group, each.ties.shard].append(each)
    return dict(found)


def _replica(estate: Estate, source: End, node: Found) -> Edge:
    copy = End(node.id, node)
    seen = Seen(
        told=estate.papers.told(node, LAG),
        status=node.ties.status,
        heard=estate.heard.get((source.name, copy.name)),
    )
    migration = estate.papers.told(node, MIGRATION).value
    more = ((SHARD, node.ties.shard), (AZ, node.ties.az), (LINK_STATUS, migration))
    return estate.edge(source, copy, judge(seen, estate.papers.now), Manner(ASYNCHRONOUS, more=more))


def keeps_its_role(found: Found) -> bool:
    """Whether AWS says which node of the shard is the primary: of a sharded group it does not."""
    return found.kind != "cache" or not found.ties.group or bool(found.role)
