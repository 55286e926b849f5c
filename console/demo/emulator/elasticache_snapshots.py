"""Which snapshots of caches are there, as ElastiCache tells it: of a group they are taken of one node."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from console.demo import kept
from console.demo.emulator.lists import page
from console.demo.emulator.requests_form import Items, Refused
from console.demo.emulator.world import Operation, World, arn, key_arn
from console.demo.inventory import Machine

FILLED = 0.4  # of its memory


def describe_snapshots(world: World, said: dict[str, Any]) -> dict[str, Any]:
    node, group = said.get("CacheClusterId"), said.get("ReplicationGroupId")
    there = world.machines("cache")
    machines = [m for m in there if node in (None, m.id) and group in (None, m.cluster)]
    found = [(m, night) for m in machines for night in world.nights(m)]
    if (source := said.get("SnapshotSource")) not in (None, "system", "user"):
        raise Refused("InvalidParameterValue", f"{source} is no SnapshotSource. There are system, user.")
    found = [] if source == "user" else found
    if wanted := said.get("SnapshotName"):
        found = [each for each in found if _name(*each) == wanted]
        if not found:
            raise Refused("SnapshotNotFoundFault", f"Snapshot {wanted} not found.", 404)
    shown, more = page(found, said, world.t)
    return {"Snapshots": Items("Snapshot", (_told(world, *each) for each in shown))} | more


def _name(machine: Machine, night: kept.Night) -> str:
    return f"automatic.{machine.id}-{datetime.fromtimestamp(night.begins, UTC):%Y-%m-%d-%H-%M}"


def _told(world: World, machine: Machine, night: kept.Night) -> dict[str, Any]:
    state = "failed" if night.failed else "available" if night.percent == 100 else "creating"
    size = 0 if night.empty else int(1024 * FILLED * machine.memory_gib)
    node = {
        "CacheNodeId": "0001",
        "CacheClusterId": machine.id,
        "CacheNodeCreateTime": world.time(world.created(machine)),
        "SnapshotCreateTime": world.time(night.begins) if state != "creating" else None,
        "CacheSize": f"{size} MB" if state == "available" else "",
    }
    told = {
        "SnapshotName": _name(machine, night),
        "ReplicationGroupId": machine.cluster,
        "CacheClusterId": machine.id,
        "SnapshotStatus": state,
        "SnapshotSource": "automated",
        "CacheNodeType": machine.klass,
        "Engine": machine.engine,
        "EngineVersion": machine.version,
        "NumCacheNodes": 1,
        "SnapshotRetentionLimit": int(world.model.retention_days(machine.id, world.t)),
        "NodeSnapshots": Items("NodeSnapshot", [{name: value for name, value in node.items() if value is not None}]),
        "KmsKeyId": key_arn(machine),
        "ARN": arn("elasticache", "snapshot", _name(machine, night)),
    }
    return {name: value for name, value in told.items() if value is not None}


OPERATIONS: Mapping[str, Operation] = {"DescribeSnapshots": describe_snapshots}
