"""Which snapshots are there: of each night, and those that were taken by hand?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from console.demo.emulator import backup, made
from console.demo.emulator.ledger import Done
from console.demo.emulator.lists import page, tags_given
from console.demo.emulator.names import arn, key_arn, resource_id, tags
from console.demo.emulator.rds import chosen, no_cluster, no_instance
from console.demo.emulator.requests_form import Items, Refused
from console.demo.emulator.world import Operation, World
from console.demo.inventory import Machine

NAME = re.compile(r"[A-Za-z](?!.*--)[A-Za-z0-9-]{0,254}(?<!-)")


@dataclass(frozen=True, slots=True)
class Kind:
    """Of an instance or of a cluster: the same under other names."""

    machine: str
    operation: str
    asked_by: str
    item: str
    identifier: str
    arn: str
    encrypted: str
    resource_id: tuple[str, str]
    events: tuple[str, str]
    missing: str  # as the codes of errors are
    exists: str
    busy: str


@dataclass(frozen=True, slots=True)
class Taken:
    machine: Machine
    name: str
    begun: float
    by: str
    percent: int
    failed: bool = False
    tags: tuple[tuple[str, str], ...] | None = None  # of its own; None: those of its machine


INSTANCE = Kind(
    "instance",
    "CreateDBSnapshot",
    "DBInstanceIdentifier",
    "DBSnapshot",
    "DBSnapshotIdentifier",
    "snapshot",
    "Encrypted",
    ("DbiResourceId", "db"),
    ("Backing up DB instance", "Finished DB Instance backup"),
    "DBSnapshotNotFound",
    "DBSnapshotAlreadyExists",
    "InvalidDBInstanceState",
)
CLUSTER = Kind(
    "cluster",
    "CreateDBClusterSnapshot",
    "DBClusterIdentifier",
    "DBClusterSnapshot",
    "DBClusterSnapshotIdentifier",
    "cluster-snapshot",
    "StorageEncrypted",
    ("DbClusterResourceId", "cluster"),
    ("Creating manual cluster snapshot", "Manual cluster snapshot created"),
    "DBClusterSnapshotNotFoundFault",
    "DBClusterSnapshotAlreadyExistsFault",
    "InvalidDBClusterStateFault",
)
SECONDS = {"instance": 240.0, "cluster": 60.0}
READY = ("available", "storage-optimization")
KEPT_TAGS = "CopyTagsToSnapshot"  # of a database; as a scenario sets it
FAILURES = {"instance": "DB instance backup failed", "cluster": "Manual cluster snapshot failed"}


def describe_db_snapshots(world: World, said: dict[str, Any]) -> dict[str, Any]:
    return _described(world, said, INSTANCE)


def describe_db_cluster_snapshots(world: World, said: dict[str, Any]) -> dict[str, Any]:
    return _described(world, said, CLUSTER)


def create_db_snapshot(world: World, said: dict[str, Any]) -> dict[str, Any]:
    return _created(world, said, INSTANCE)


def create_db_cluster_snapshot(world: World, said: dict[str, Any]) -> dict[str, Any]:
    return _created(world, said, CLUSTER)


def _described(world: World, said: dict[str, Any], kind: Kind) -> dict[str, Any]:
    wanted, name = said.get("SnapshotType"), said.get(kind.identifier)
    machines = chosen(world, kind.machine, said)
    found: list[Taken] = []
    if wanted in (None, "automated"):
        found += (each for machine in machines for each in _automated(world, machine))
    if wanted in (None, "manual"):
        ids = {machine.id for machine in machines}
        by_hand = world.ledger.made(kind.operation, world.t)
        found += (_by_hand(world, each) for each in by_hand if each.machine.id in ids)
    if wanted == "awsbackup":  # which AWS leaves out where no type is asked for
        found += (each for machine in machines for each in _vaulted(world, machine))
    if name and not (found := [each for each in found if each.name == name]):
        raise Refused(kind.missing, f"{kind.item} {name} not found.", 404)
    shown, more = page(found, said, world.t)
    return {f"{kind.item}s": Items(kind.item, (_told(world, kind, each) for each in shown))} | more


def _automated(world: World, machine: Machine) -> Iterator[Taken]:
    """One of each night for as long as they are kept, the oldest first."""
    for night in world.nights(machine):
        name = f"rds:{machine.id}-{datetime.fromtimestamp(night.begins, UTC):%Y-%m-%d-%H-%M}"
        yield Taken(machine, name, night.begins, "automated", night.percent, night.failed)


def _vaulted(world: World, machine: Machine) -> Iterator[Taken]:
    """What AWS Backup keeps is a snapshot of RDS."""
    for job in world.jobs(machine):
        if job.is_there:
            name = backup.point_arn(machine, job).split(":", 6)[6]
            yield Taken(machine, name, job.begins, "awsbackup", job.percent(world.t), job.failed)


def _by_hand(world: World, done: Done) -> Taken:
    progress = made.progress(world, done)
    own = tuple(done.tags.items())
    return Taken(done.machine, done.name, done.t, "manual", progress.percent, progress.failed, own)


def _told(world: World, kind: Kind, taken: Taken) -> dict[str, Any]:
    machine = taken.machine
    allocated = world.model.allocated_gib(machine.id, taken.begun)
    return {
        kind.identifier: taken.name,
        kind.asked_by: machine.id,
        "SnapshotCreateTime": world.time(taken.begun),
        "Engine": machine.engine,
        "EngineVersion": machine.version,
        "AllocatedStorage": 1 if allocated is None else int(allocated),
        "Status": "failed" if taken.failed else "available" if taken.percent == 100 else "creating",
        "SnapshotType": taken.by,
        "PercentProgress": taken.percent,
        kind.encrypted: True,
        "KmsKeyId": key_arn(machine),
        kind.resource_id[0]: resource_id(kind.resource_id[1], machine),
        f"{kind.item}Arn": arn("rds", kind.arn, taken.name),
        "TagList": Items("Tag", _tags(taken)),
    }


def _tags(taken: Taken) -> list[dict[str, str]]:
    if taken.tags is None:
        return tags(taken.machine)
    return [{"Key": key, "Value": value} for key, value in taken.tags]


def tags_of_arn(world: World, name: str) -> list[dict[str, str]] | None:
    """Of a snapshot; None where there is none by that ARN."""
    for kind in (INSTANCE, CLUSTER):
        if name.startswith(arn("rds", kind.arn, "")):
            there = _described(world, {kind.identifier: name.split(":", 6)[6]}, kind)
            return [*there[f"{kind.item}s"][0]["TagList"]]
    return None


def quotas(world: World) -> list[dict[str, Any]]:
    """How many of each are made by hand, and how many may be."""
    kinds = (("ManualSnapshots", INSTANCE), ("ManualClusterSnapshots", CLUSTER))
    return [
        {"AccountQuotaName": name, "Used": len(world.ledger.made(kind.operation, world.t)), "Max": _most(world)}
        for name, kind in kinds
    ]


def _most(world: World) -> int:
    return world.account.manual_snapshots


def describe_account_attributes(world: World, said: dict[str, Any]) -> dict[str, Any]:
    return {"AccountQuotas": Items("AccountQuota", quotas(world))}


def _created(world: World, said: dict[str, Any], kind: Kind) -> dict[str, Any]:
    name, wanted = str(said.get(kind.identifier, "")), said.get(kind.asked_by)
    machine = next(iter(chosen(world, kind.machine, {kind.asked_by: wanted})), None) if wanted else None
    if machine is None:
        raise no_cluster(wanted) if kind is CLUSTER else no_instance(wanted)
    if not NAME.fullmatch(name):
        raise Refused("InvalidParameterValue", f"{name} is not a name that a snapshot may have.")
    if kind is INSTANCE and machine.cluster is not None:
        text = f"The specified instance is a member of {machine.cluster}: create a snapshot of the cluster instead."
        raise Refused("InvalidParameterValue", text)
    there = world.ledger.made(kind.operation, world.t)
    if any(each.name == name for each in there):
        raise Refused(kind.exists, f"Cannot create the snapshot because one with the identifier {name} already exists.")
    if world.status(machine) not in READY:
        raise Refused(kind.busy, f"{machine.id} is not in the available state.")
    if len(there) >= _most(world):
        raise Refused("SnapshotQuotaExceeded", f"Cannot create more than {_most(world)} manual snapshots.")
    made.require_key(world, machine, "KMSKeyNotAccessibleFault")
    copied = {each["Key"]: each["Value"] for each in tags(machine)} if _keeps_tags(world, machine) else {}
    done = made.begun(
        world,
        machine,
        kind.operation,
        name=name,
        seconds=SECONDS[kind.machine],
        told=kind.events,
        failed=FAILURES[kind.machine],
        status="backing-up",
        tags=copied | tags_given(said),
    )
    return {kind.item: _told(world, kind, _by_hand(world, done))}


def _keeps_tags(world: World, machine: Machine) -> bool:
    """AWS copies them only where a database says so."""
    return world.model.api(machine.id, world.t).get(KEPT_TAGS) is True


OPERATIONS: Mapping[str, Operation] = {
    "DescribeDBSnapshots": describe_db_snapshots,
    "DescribeDBClusterSnapshots": describe_db_cluster_snapshots,
    "DescribeAccountAttributes": describe_account_attributes,
    "CreateDBSnapshot": create_db_snapshot,
    "CreateDBClusterSnapshot": create_db_cluster_snapshot,
}
