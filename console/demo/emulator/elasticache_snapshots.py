"""Which snapshots of caches are there, as ElastiCache tells it? Of a group they are taken of one node."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from console.demo.emulator import made
from console.demo.emulator.ledger import Done
from console.demo.emulator.lists import page, tags_given
from console.demo.emulator.names import arn, key_arn
from console.demo.emulator.requests_form import Items, Refused
from console.demo.emulator.world import Operation, World
from console.demo.inventory import Machine

FILLED = 0.4  # of its memory
DAY_S, A_DAY = 86_400.0, 20  # of one node, made by hand
SECONDS = 150.0
NAME = re.compile(r"[A-Za-z](?!.*--)[A-Za-z0-9-]{0,49}(?<!-)")
CREATE = "CreateSnapshot"
EVENTS = ("Creating snapshot {name}", "Snapshot succeeded for snapshot with ID '{name}'", "Snapshot {name} failed")
SOURCES = {"system": "automated", "user": "manual"}


@dataclass(frozen=True, slots=True)
class Taken:
    machine: Machine
    name: str
    begun: float
    source: str
    status: str
    empty: bool = False
    of_group: bool = True


def describe_snapshots(world: World, said: dict[str, Any]) -> dict[str, Any]:
    node, group = said.get("CacheClusterId"), said.get("ReplicationGroupId")
    there = world.machines("cache")
    machines = [m for m in there if node in (None, m.id) and group in (None, m.cluster)]
    if (source := said.get("SnapshotSource")) not in (None, *SOURCES):
        raise Refused("InvalidParameterValue", f"{source} is no SnapshotSource. There are {', '.join(SOURCES)}.")
    found = [each for each in _taken(world, machines) if source is None or SOURCES[source] == each.source]
    if wanted := said.get("SnapshotName"):
        found = [each for each in found if each.name == wanted]
        if not found:
            raise Refused("SnapshotNotFoundFault", f"Snapshot {wanted} not found.", 404)
    shown, more = page(found, said, world.t)
    return {"Snapshots": Items("Snapshot", (_told(world, each) for each in shown))} | more


def _taken(world: World, machines: list[Machine]) -> Iterator[Taken]:
    for machine in machines:
        for night in world.nights(machine):
            name = f"automatic.{machine.id}-{datetime.fromtimestamp(night.begins, UTC):%Y-%m-%d-%H-%M}"
            status = "failed" if night.failed else "available" if night.percent == 100 else "creating"
            yield Taken(machine, name, night.begins, "automated", status, night.empty)
    ids = {machine.id for machine in machines}
    yield from (_by_hand(world, done) for done in world.ledger.made(CREATE, world.t) if done.machine.id in ids)


def _by_hand(world: World, done: Done) -> Taken:
    status = made.progress(world, done).status
    return Taken(done.machine, done.name, done.t, "manual", status, of_group=done.group)


def _told(world: World, taken: Taken) -> dict[str, Any]:
    machine, state = taken.machine, taken.status
    size = 0 if taken.empty else int(1024 * FILLED * machine.memory_gib)
    node = {
        "CacheNodeId": "0001",
        "CacheClusterId": machine.id,
        "CacheNodeCreateTime": world.time(world.created(machine)),
        "SnapshotCreateTime": world.time(taken.begun) if state != "creating" else None,
        "CacheSize": f"{size} MB" if state == "available" else "",
    }
    told = {
        "SnapshotName": taken.name,
        "ReplicationGroupId": machine.cluster if taken.of_group else None,
        "CacheClusterId": machine.id,
        "SnapshotStatus": state,
        "SnapshotSource": taken.source,
        "CacheNodeType": machine.klass,
        "Engine": machine.engine,
        "EngineVersion": machine.version,
        "NumCacheNodes": 1,
        "SnapshotRetentionLimit": int(world.model.retention_days(machine.id, world.t)),
        "NodeSnapshots": Items("NodeSnapshot", [{name: value for name, value in node.items() if value is not None}]),
        "KmsKeyId": key_arn(machine),
        "ARN": arn("elasticache", "snapshot", taken.name),
    }
    return {name: value for name, value in told.items() if value is not None}


def create_snapshot(world: World, said: dict[str, Any]) -> dict[str, Any]:
    """Of a node, or of the group by one of its nodes: of a replica where there is one."""
    name, (machine, group) = str(said.get("SnapshotName", "")), _asked(world, said)
    if not NAME.fullmatch(name):
        raise Refused("InvalidParameterValue", f"{name} is not a name that a snapshot may have.")
    if any(each.name == name for each in _taken(world, world.machines("cache"))):
        raise Refused("SnapshotAlreadyExistsFault", f"Snapshot already exists: {name}")
    if machine.engine == "memcached":
        raise Refused("SnapshotFeatureNotSupportedFault", f"{machine.engine} has no snapshots.")
    busy = [each.id for each in world.members.get(machine.cluster or "", [machine]) if not _is_ready(world, each)]
    if busy and group:
        raise Refused("InvalidReplicationGroupState", f"{machine.cluster} is not in the available state: {busy[0]}.")
    if not _is_ready(world, machine):
        raise Refused("InvalidCacheClusterState", f"{machine.id} is not in the available state.")
    lately = [d for d in world.ledger.made(CREATE, world.t) if d.machine.id == machine.id and d.t > world.t - DAY_S]
    if len(lately) >= A_DAY:
        raise Refused("SnapshotQuotaExceededFault", f"{machine.id} had {A_DAY} snapshots made in the last 24 hours.")
    begun, over, failed = (each.format(name=name) for each in EVENTS)
    done = made.begun(
        world,
        machine,
        CREATE,
        name=name,
        seconds=SECONDS,
        told=(begun, over),
        failed=failed,
        status="snapshotting",
        tags=tags_given(said),
        group=group,
    )
    return {"Snapshot": _told(world, _by_hand(world, done))}


def _is_ready(world: World, machine: Machine) -> bool:
    return world.status(machine) == "available"


def _asked(world: World, said: dict[str, Any]) -> tuple[Machine, bool]:
    node, group = said.get("CacheClusterId"), said.get("ReplicationGroupId")
    if node:
        machine = next((each for each in world.machines("cache") if each.id == node), None)
        if machine is None:
            raise Refused("CacheClusterNotFound", f"CacheCluster not found: {node}", 404)
        return machine, False
    if not group:
        raise Refused("InvalidParameterCombination", "A CacheClusterId or a ReplicationGroupId is needed.")
    nodes = [each for each in world.members.get(str(group), []) if each.kind == "cache"]
    if not nodes:
        raise Refused("ReplicationGroupNotFoundFault", f"ReplicationGroup {group} not found.", 404)
    return max(nodes, key=lambda each: each.role == "replica"), True


def tags_of_arn(world: World, name: str) -> list[dict[str, str]] | None:
    """Of a snapshot that was made by hand; None where there is none by that ARN."""
    for done in world.ledger.made(CREATE, world.t):
        if arn("elasticache", "snapshot", done.name) == name:
            return [{"Key": key, "Value": value} for key, value in done.tags.items()]
    return None


OPERATIONS: Mapping[str, Operation] = {"DescribeSnapshots": describe_snapshots, CREATE: create_snapshot}
