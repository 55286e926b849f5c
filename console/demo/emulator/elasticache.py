"""ElastiCache as AWS describes it: each node a cache cluster of its own, the groups above them, events, tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.demo.emulator.rds import window
from console.demo.emulator.requests_form import Items, Refused
from console.demo.emulator.world import World, arn, overridden, page, tags
from console.demo.inventory import Machine

DOMAIN = "x7ekzq.euw1.cache.amazonaws.com"
PORT = 6379


def describe_cache_clusters(world: World, said: dict[str, Any]) -> dict[str, Any]:
    machines = world.machines("cache")
    if wanted := said.get("CacheClusterId"):
        machines = [each for each in machines if each.id == wanted]
        if not machines:
            raise Refused("CacheClusterNotFound", f"CacheCluster not found: {wanted}", 404)
    shown, marker = page(machines, said)
    with_nodes = str(said.get("ShowCacheNodeInfo", "")).lower() == "true"
    nodes = Items("CacheCluster", (_node(world, each, with_nodes=with_nodes) for each in shown))
    return {"CacheClusters": nodes} | ({"Marker": marker} if marker else {})


def describe_replication_groups(world: World, said: dict[str, Any]) -> dict[str, Any]:
    groups: dict[str, list[Machine]] = {}
    for machine in world.machines("cache"):
        groups.setdefault(str(machine.cluster), []).append(machine)
    if wanted := said.get("ReplicationGroupId"):
        groups = {name: members for name, members in groups.items() if name == wanted}
        if not groups:
            raise Refused("ReplicationGroupNotFoundFault", f"ReplicationGroup {wanted} not found.", 404)
    shown, marker = page(sorted(groups.items()), said)
    told = Items("ReplicationGroup", (_group(world, name, nodes) for name, nodes in shown))
    return {"ReplicationGroups": told} | ({"Marker": marker} if marker else {})


def describe_events(world: World, said: dict[str, Any]) -> dict[str, Any]:
    since, until = window(world, said)
    found = [
        {
            "SourceIdentifier": each.machine.id,
            "SourceType": "cache-cluster",
            "Message": each.text,
            "Date": world.time(each.t),
        }
        for each in world.model.happenings(since, until)
        if each.source == "elasticache" and said.get("SourceIdentifier") in (None, each.machine.id)
    ]
    shown, marker = page(found if said.get("SourceType") in (None, "cache-cluster") else [], said)
    return {"Events": Items("Event", shown)} | ({"Marker": marker} if marker else {})


def list_tags(world: World, said: dict[str, Any]) -> dict[str, Any]:
    name = str(said.get("ResourceName", ""))
    machine = next((each for each in world.machines("cache") if arn_of(each) == name), None)
    if machine is None:
        raise Refused("CacheClusterNotFound", f"{name} not found.", 404)
    return {"TagList": Items("Tag", tags(machine))}


def arn_of(machine: Machine) -> str:
    return arn("elasticache", "cluster", machine.id)


def _node(world: World, machine: Machine, *, with_nodes: bool) -> dict[str, Any]:
    model, t = world.model, world.t
    endpoint = {"Address": f"{machine.id}.{DOMAIN}", "Port": PORT}
    node = {
        "CacheNodeId": "0001",
        "CacheNodeStatus": model.status(machine.id, t),
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
        "CacheClusterStatus": model.status(machine.id, t),
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
    return overridden(described, model.api(machine.id, t))


def _group(world: World, name: str, nodes: list[Machine]) -> dict[str, Any]:
    model, t = world.model, world.t
    members = (
        {
            "CacheClusterId": each.id,
            "CacheNodeId": "0001",
            "ReadEndpoint": {"Address": f"{each.id}.{DOMAIN}", "Port": PORT},
            "PreferredAvailabilityZone": model.az(each.id, t),
            "CurrentRole": model.role(each.id, t),
        }
        for each in nodes
    )
    return {
        "ReplicationGroupId": name,
        "Description": name,
        "Status": "available",
        "PendingModifiedValues": {},
        "MemberClusters": Items("ClusterId", (each.id for each in nodes)),
        "NodeGroups": Items(
            "NodeGroup",
            [
                {
                    "NodeGroupId": "0001",
                    "Status": "available",
                    "PrimaryEndpoint": {"Address": f"master.{name}.{DOMAIN}", "Port": PORT},
                    "ReaderEndpoint": {"Address": f"replica.{name}.{DOMAIN}", "Port": PORT},
                    "NodeGroupMembers": Items("NodeGroupMember", members),
                }
            ],
        ),
        "AutomaticFailover": "enabled" if len(nodes) > 1 else "disabled",
        "MultiAZ": "enabled" if len(nodes) > 1 else "disabled",
        "SnapshotRetentionLimit": max(each.retention_days for each in nodes),
        "ClusterEnabled": False,
        "CacheNodeType": nodes[0].klass,
        "TransitEncryptionEnabled": True,
        "AtRestEncryptionEnabled": True,
        "ARN": arn("elasticache", "replicationgroup", name),
    }


OPERATIONS: Mapping[str, Any] = {
    "DescribeCacheClusters": describe_cache_clusters,
    "DescribeReplicationGroups": describe_replication_groups,
    "DescribeEvents": describe_events,
    "ListTagsForResource": list_tags,
}
