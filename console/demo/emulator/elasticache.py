"""ElastiCache as AWS describes it: each node a cache cluster of its own, the groups above them, tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from console.demo.emulator import elasticache_snapshots
from console.demo.emulator.lists import page
from console.demo.emulator.names import arn, key_arn, tags
from console.demo.emulator.overrides import overridden
from console.demo.emulator.requests_form import Items, Refused
from console.demo.emulator.world import Operation, World
from console.demo.inventory import Machine
from console.demo.redis.addresses import PORT, host, primary_host, reader_host

NODE_GROUP = "0001"  # the only one: none of the demo's groups is sharded


def describe_cache_clusters(world: World, said: dict[str, Any]) -> dict[str, Any]:
    machines = world.machines("cache")
    if wanted := said.get("CacheClusterId"):
        machines = [each for each in machines if each.id == wanted]
        if not machines:
            raise Refused("CacheClusterNotFound", f"CacheCluster not found: {wanted}", 404)
    if _is_true(said.get("ShowCacheClustersNotInReplicationGroups")):
        machines = [each for each in machines if each.cluster is None]
    shown, more = page(machines, said, world.t)
    with_nodes = _is_true(said.get("ShowCacheNodeInfo"))
    return {"CacheClusters": Items("CacheCluster", (_cache(world, m, with_nodes=with_nodes) for m in shown))} | more


def describe_replication_groups(world: World, said: dict[str, Any]) -> dict[str, Any]:
    groups = _groups(world)
    if wanted := said.get("ReplicationGroupId"):
        groups = {name: members for name, members in groups.items() if name == wanted}
        if not groups:
            raise Refused("ReplicationGroupNotFoundFault", f"ReplicationGroup {wanted} not found.", 404)
    shown, more = page(sorted(groups.items()), said, world.t)
    told = (group(world, name, nodes) for name, nodes in shown)
    return {"ReplicationGroups": Items("ReplicationGroup", told)} | more


def _is_true(said: object) -> bool:
    return str(said).lower() == "true"


def _groups(world: World) -> dict[str, list[Machine]]:
    return {name: nodes for name, nodes in world.members.items() if nodes[0].kind == "cache"}


def arns(world: World) -> Iterator[tuple[str, Machine]]:
    """Of every node and every group. A group has the tags of its nodes."""
    for machine in world.machines("cache"):
        yield arn_of(machine), machine
    for name, nodes in _groups(world).items():
        yield _group_arn(name), nodes[0]


def list_tags(world: World, said: dict[str, Any]) -> dict[str, Any]:
    name = str(said.get("ResourceName", ""))
    machine = next((machine for known, machine in arns(world) if known == name), None)
    if machine is None and (own := elasticache_snapshots.tags_of_arn(world, name)) is not None:
        return {"TagList": Items("Tag", own)}
    if machine is None and ":snapshot:" in name:
        raise Refused("SnapshotNotFoundFault", f"{name} not found.", 404)
    if machine is None:
        code = "ReplicationGroupNotFoundFault" if ":replicationgroup:" in name else "CacheClusterNotFound"
        raise Refused(code, f"{name} not found.", 404)
    return {"TagList": Items("Tag", tags(machine))}


def arn_of(machine: Machine) -> str:
    return arn("elasticache", "cluster", machine.id)


def _group_arn(name: str) -> str:
    return arn("elasticache", "replicationgroup", name)


def _cache(world: World, machine: Machine, *, with_nodes: bool) -> dict[str, Any]:
    model, t = world.model, world.t
    endpoint = {"Address": host(machine.id), "Port": PORT}
    node = {
        "CacheNodeId": "0001",
        "CacheNodeStatus": world.status(machine),
        "CacheNodeCreateTime": world.time(world.created(machine)),
        "Endpoint": endpoint,
        "ParameterGroupStatus": "in-sync",
        "CustomerAvailabilityZone": model.az(machine.id, t),
    }
    described: dict[str, Any] = {
        "CacheClusterId": machine.id,
        "CacheNodeType": machine.klass,
        "Engine": machine.engine,
        "EngineVersion": machine.version,
        "CacheClusterStatus": world.status(machine),
        "NumCacheNodes": 1,
        "PreferredAvailabilityZone": model.az(machine.id, t),
        "CacheClusterCreateTime": world.time(world.created(machine)),
        "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
        "PendingModifiedValues": {},
        "CacheNodes": Items("CacheNode", [node]) if with_nodes else None,
        "AutoMinorVersionUpgrade": True,
        "ReplicationGroupId": machine.cluster,
        "SnapshotRetentionLimit": machine.retention_days,
        "SnapshotWindow": "03:00-04:00",
        "AuthTokenEnabled": True,
        "TransitEncryptionEnabled": True,
        "AtRestEncryptionEnabled": True,
        "ARN": arn_of(machine),
    }
    return overridden(world, machine, described, "elasticache", "CacheCluster")


def group(world: World, name: str, nodes: list[Machine]) -> dict[str, Any]:
    model, t = world.model, world.t
    members = (
        {
            "CacheClusterId": each.id,
            "CacheNodeId": "0001",
            "ReadEndpoint": {"Address": host(each.id), "Port": PORT},
            "PreferredAvailabilityZone": model.az(each.id, t),
            "CurrentRole": each.role,
        }
        for each in nodes
    )
    busy = next((status for each in nodes if (status := world.status(each)) != "available"), "available")
    described: dict[str, Any] = {
        "ReplicationGroupId": name,
        "Description": name,
        "Status": busy,
        "PendingModifiedValues": {},
        "MemberClusters": Items("ClusterId", (each.id for each in nodes)),
        "NodeGroups": Items(
            "NodeGroup",
            [
                {
                    "NodeGroupId": NODE_GROUP,
                    "Status": "available",
                    "PrimaryEndpoint": {"Address": primary_host(name), "Port": PORT},
                    "ReaderEndpoint": {"Address": reader_host(name), "Port": PORT},
                    "NodeGroupMembers": Items("NodeGroupMember", members),
                }
            ],
        ),
        "AutomaticFailover": "enabled" if len(nodes) > 1 else "disabled",
        "MultiAZ": "enabled" if len(nodes) > 1 else "disabled",
        "SnapshotRetentionLimit": max(each.retention_days for each in nodes),
        "SnapshotWindow": "03:00-04:00",
        "SnapshottingClusterId": next((each.id for each in nodes if each.retention_days), None),
        "KmsKeyId": key_arn(nodes[0]),
        "ClusterEnabled": False,
        "CacheNodeType": nodes[0].klass,
        "TransitEncryptionEnabled": True,
        "AtRestEncryptionEnabled": True,
        "ARN": _group_arn(name),
    }
    return overridden(world, nodes[0], described, "elasticache", "ReplicationGroup")


OPERATIONS: Mapping[str, Operation] = {
    "DescribeCacheClusters": describe_cache_clusters,
    "DescribeReplicationGroups": describe_replication_groups,
    "ListTagsForResource": list_tags,
}
