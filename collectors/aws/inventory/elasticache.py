"""Which caches does ElastiCache list? Each node of a replication group is one; what it is there, the group tells."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.aws import ties
from collectors.aws.answers import (
    NOTHING,
    Answer,
    Facts,
    address,
    in_words,
    many,
    pending,
    plain,
    shown,
    text,
    within,
)
from collectors.aws.inventory.listed import Listed, account_in, those_told
from collectors.safe import Safe, sanitise

CACHE = Safe("cache")
GROUP = "group"  # whose tags are its members' too
NODE = "0001"  # of a cache that has one node, as all of Redis and Valkey have


def cache(answer: Answer, members: Mapping[str, ties.Member]) -> Listed | None:
    """None where it has no name. Of a sharded group's nodes AWS keeps to itself which is what."""
    name, arn = text(answer, "CacheClusterId"), text(answer, "ARN")
    if not name:
        return None
    nodes = within(answer, "NumCacheNodes")
    one_node = (("CacheNodeId", NODE),) if not isinstance(nodes, int) or nodes == 1 else ()
    return Listed(
        kind=CACHE,
        name=name,
        engine=shown(answer, "Engine"),
        arn=arn,
        namespace="AWS/ElastiCache",
        dimensions=(("CacheClusterId", name), *one_node),
        role=sanitise(members[name].role) if name in members else NOTHING,
        status=shown(answer, "CacheClusterStatus"),
        az=shown(answer, "PreferredAvailabilityZone"),
        account=account_in(arn),
        group=text(answer, "ReplicationGroupId"),
        klass=text(answer, "CacheNodeType"),
        endpoint=_node(answer),
        facts=those_told(_facts(answer, members.get(name))),
        ties=ties.of_cache(answer, members),
    )


def _facts(answer: Answer, member: ties.Member | None) -> Facts:
    yield from plain(answer, "CacheNodeType", "EngineVersion", "NumCacheNodes", "SnapshotRetentionLimit")
    yield from plain(answer, "SnapshotWindow", "PreferredMaintenanceWindow")
    yield from plain(answer, "AtRestEncryptionEnabled", "TransitEncryptionEnabled", "TransitEncryptionMode")
    yield from plain(answer, "AuthTokenEnabled")
    yield "Shard", in_words(member.shard if member else None)
    yield "Endpoint", _endpoint(answer)
    yield from pending(answer)


def _node(answer: Answer) -> tuple[str, int] | None:
    """Of the only node: each of several has its own."""
    nodes = many(answer, "CacheNodes")
    if len(nodes) != 1:
        return None
    return address(nodes[0], "Endpoint", "Address", port=within(nodes[0], "Endpoint", "Port"))


def _endpoint(answer: Answer) -> Safe:
    """Of all nodes where there is one such, else of the only node."""
    first = next(iter(many(answer, "CacheNodes")), {})
    for endpoint in (within(answer, "ConfigurationEndpoint"), within(first, "Endpoint")):
        if isinstance(endpoint, Mapping) and (host := shown(endpoint, "Address")):
            port = shown(endpoint, "Port")
            return sanitise(f"{host}:{port}" if port else host)
    return NOTHING
