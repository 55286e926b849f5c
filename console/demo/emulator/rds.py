"""RDS and Aurora as AWS describes them: instances, clusters, snapshots, events, tags."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from console.demo.backups import NIGHT
from console.demo.emulator.requests_form import Items, Refused
from console.demo.emulator.world import World, arn, filters, overridden, page, resource_id, tags
from console.demo.inventory import Machine

DOMAIN = "c9akciq32rgw.eu-west-1.rds.amazonaws.com"
PORTS = {"sqlserver": 1433, "aurora-postgresql": 5432, "postgres": 5432, "mysql": 3306}
TWO_WEEKS = 14 * 86_400.0
CATEGORIES = {
    "back": "backup",
    "snapshot": "backup",
    "failover": "failover",
    "restart": "availability",
    "storage": "low storage",
}
KINDS = {"instance": ("db-instance", "db"), "cluster": ("db-cluster", "cluster")}


def describe_db_instances(world: World, said: dict[str, Any]) -> dict[str, Any]:
    machines = _chosen(world, "instance", said, "DBInstanceIdentifier", "db-instance-id")
    if not machines and said.get("DBInstanceIdentifier"):
        raise Refused("DBInstanceNotFound", f"DBInstance {said['DBInstanceIdentifier']} not found.", 404)
    shown, marker = page(machines, said)
    answer: dict[str, Any] = {"DBInstances": Items("DBInstance", (_instance(world, each) for each in shown))}
    return answer | ({"Marker": marker} if marker else {})


def describe_db_clusters(world: World, said: dict[str, Any]) -> dict[str, Any]:
    machines = _chosen(world, "cluster", said, "DBClusterIdentifier", "db-cluster-id")
    if not machines and said.get("DBClusterIdentifier"):
        raise Refused("DBClusterNotFoundFault", f"DBCluster {said['DBClusterIdentifier']} not found.", 404)
    shown, marker = page(machines, said)
    answer: dict[str, Any] = {"DBClusters": Items("DBCluster", (_cluster(world, each) for each in shown))}
    return answer | ({"Marker": marker} if marker else {})


def describe_db_snapshots(world: World, said: dict[str, Any]) -> dict[str, Any]:
    machines = _chosen(world, "instance", said, "DBInstanceIdentifier", "db-instance-id")
    found = [snapshot for each in machines if (snapshot := _snapshot(world, each)) is not None]
    shown, marker = page(found if said.get("SnapshotType", "automated") == "automated" else [], said)
    return {"DBSnapshots": Items("DBSnapshot", shown)} | ({"Marker": marker} if marker else {})


def describe_events(world: World, said: dict[str, Any]) -> dict[str, Any]:
    """Of two weeks at most, as AWS keeps them; of the last hour where nothing else is asked."""
    since, until = window(world, said)
    wanted = said.get("SourceType")
    found = []
    for each in world.model.happenings(since, until):
        source_type, _ = KINDS.get(each.machine.kind, ("", ""))
        if each.source != "rds" or not source_type or wanted not in (None, source_type):
            continue
        if said.get("SourceIdentifier") in (None, each.machine.id):
            found.append(
                {
                    "SourceIdentifier": each.machine.id,
                    "SourceType": source_type,
                    "Message": each.text,
                    "EventCategories": Items("EventCategory", [_category(each.text)]),
                    "Date": world.time(each.t),
                    "SourceArn": _arn(each.machine),
                }
            )
    shown, marker = page(found, said)
    return {"Events": Items("Event", shown)} | ({"Marker": marker} if marker else {})


def list_tags(world: World, said: dict[str, Any]) -> dict[str, Any]:
    name = str(said.get("ResourceName", ""))
    machine = next((m for m in [*world.machines("instance"), *world.machines("cluster")] if _arn(m) == name), None)
    if machine is None:
        raise Refused("DBInstanceNotFound", f"{name} not found.", 404)
    return {"TagList": Items("Tag", tags(machine))}


def window(world: World, said: dict[str, Any]) -> tuple[float, float]:
    """Seconds since 1970; the default is the last hour."""
    try:
        until = _time(said["EndTime"]) if "EndTime" in said else world.t
        since = _time(said["StartTime"]) if "StartTime" in said else until - 60 * float(said.get("Duration", 60))
    except ValueError:
        raise Refused("InvalidParameterValue", "StartTime, EndTime or Duration is no time.") from None
    if since > until:
        raise Refused("InvalidParameterCombination", "The start time must come before the end time.")
    return max(since - 1e-3, world.t - TWO_WEEKS), min(until, world.t)


def _time(said: Any) -> float:
    return datetime.fromisoformat(str(said)).timestamp()


def _chosen(world: World, kind: str, said: dict[str, Any], name: str, filter_name: str) -> list[Machine]:
    """Those asked for: by name or ARN, by filters; an unknown filter is refused, as AWS does."""
    machines = world.machines(kind)
    if wanted := said.get(name):
        machines = [each for each in machines if wanted in (each.id, _arn(each))]
    for each, values in filters(said).items():
        match each:
            case _ if each == filter_name:
                machines = [m for m in machines if m.id in values or _arn(m) in values]
            case "engine":
                machines = [m for m in machines if m.engine in values]
            case "db-cluster-id":
                machines = [m for m in machines if m.cluster in values]
            case _:
                raise Refused("InvalidParameterValue", f"Unrecognized filter name: {each}")
    return machines


def _arn(machine: Machine) -> str:
    return arn("rds", KINDS[machine.kind][1], machine.id)


def _instance(world: World, machine: Machine) -> dict[str, Any]:
    model, t = world.model, world.t
    plan, standby = model.plan(machine.id), model.standby_az(machine.id, t)
    replicas = [m.id for m in world.machines("instance") if m.source == machine.id and m.storage_type != "aurora"]
    own_volume = model.allocated_gib(machine.id, t)
    port = next((port for engine, port in PORTS.items() if machine.engine.startswith(engine)), 1433)
    is_replica = machine.source is not None and machine.storage_type != "aurora"
    described: dict[str, Any] = {
        "DBInstanceIdentifier": machine.id,
        "DBInstanceClass": machine.klass,
        "Engine": machine.engine,
        "DBInstanceStatus": model.status(machine.id, t),
        "MasterUsername": "admin",
        "Endpoint": {"Address": f"{machine.id}.{DOMAIN}", "Port": port},
        "AllocatedStorage": None if own_volume is None else int(own_volume),
        "InstanceCreateTime": world.time(world.created(machine)),
        "PreferredBackupWindow": f"{int(NIGHT // 3600):02}:00-{int(NIGHT // 3600):02}:30",
        "BackupRetentionPeriod": machine.retention_days,
        "AvailabilityZone": model.az(machine.id, t),
        "PreferredMaintenanceWindow": "sun:04:30-sun:05:30",
        "PendingModifiedValues": {},
        "LatestRestorableTime": world.time(plan.restorable_until(t)) if machine.retention_days else None,
        "MultiAZ": standby is not None,
        "EngineVersion": machine.version,
        "AutoMinorVersionUpgrade": True,
        "ReadReplicaSourceDBInstanceIdentifier": machine.source if is_replica else None,
        "ReadReplicaDBInstanceIdentifiers": Items("ReadReplicaDBInstanceIdentifier", replicas),
        "LicenseModel": "license-included" if machine.engine.startswith("sqlserver") else "postgresql-license",
        "Iops": machine.iops if machine.storage_type in ("io1", "gp3") else None,
        "SecondaryAvailabilityZone": standby,
        "PubliclyAccessible": False,
        "StatusInfos": Items("DBInstanceStatusInfo", [REPLICATING]) if is_replica else None,
        "StorageType": machine.storage_type,
        "DBClusterIdentifier": machine.cluster,
        "StorageEncrypted": True,
        "DbiResourceId": resource_id("db", machine),
        "CACertificateIdentifier": "rds-ca-rsa2048-g1",
        "DeletionProtection": True,
        "PerformanceInsightsEnabled": True,
        "PromotionTier": 1 if machine.cluster else None,
        "DBInstanceArn": _arn(machine),
        "TagList": Items("Tag", tags(machine)),
    }
    return overridden(described, model.api(machine.id, t))


REPLICATING = {"StatusType": "read replication", "Normal": True, "Status": "replicating"}


def _cluster(world: World, machine: Machine) -> dict[str, Any]:
    model, t = world.model, world.t
    members = [m for m in world.machines("instance") if m.cluster == machine.id]
    described: dict[str, Any] = {
        "AllocatedStorage": 1,
        "AvailabilityZones": Items("AvailabilityZone", sorted({model.az(m.id, t) for m in members})),
        "BackupRetentionPeriod": machine.retention_days,
        "DBClusterIdentifier": machine.id,
        "Status": model.status(machine.id, t),
        "EarliestRestorableTime": world.time(t - machine.retention_days * 86_400),
        "Endpoint": f"{machine.id}.cluster-{DOMAIN}",
        "ReaderEndpoint": f"{machine.id}.cluster-ro-{DOMAIN}",
        "MultiAZ": len(members) > 1,
        "Engine": machine.engine,
        "EngineVersion": machine.version,
        "LatestRestorableTime": world.time(model.plan(machine.id).restorable_until(t)),
        "Port": 5432,
        "PreferredBackupWindow": f"{int(NIGHT // 3600):02}:00-{int(NIGHT // 3600):02}:30",
        "PreferredMaintenanceWindow": "sun:04:30-sun:05:30",
        "DBClusterMembers": Items(
            "DBClusterMember",
            (
                {
                    "DBInstanceIdentifier": m.id,
                    "IsClusterWriter": model.role(m.id, t) == "writer",
                    "DBClusterParameterGroupStatus": "in-sync",
                    "PromotionTier": 1,
                }
                for m in members
            ),
        ),
        "StorageEncrypted": True,
        "DbClusterResourceId": resource_id("cluster", machine),
        "DBClusterArn": _arn(machine),
        "ClusterCreateTime": world.time(world.created(machine)),
        "EngineMode": "provisioned",
        "DeletionProtection": True,
        "TagList": Items("Tag", tags(machine)),
    }
    return overridden(described, model.api(machine.id, t))


def _snapshot(world: World, machine: Machine) -> dict[str, Any] | None:
    newest = world.model.plan(machine.id).newest_snapshot(world.t)
    if newest is None:
        return None
    name = f"rds:{machine.id}-{str(world.time(newest))[:16].replace('T', '-').replace(':', '-')}"
    return {
        "DBSnapshotIdentifier": name,
        "DBInstanceIdentifier": machine.id,
        "SnapshotCreateTime": world.time(newest),
        "Engine": machine.engine,
        "Status": "available",
        "SnapshotType": "automated",
        "PercentProgress": 100,
        "Encrypted": True,
        "DBSnapshotArn": arn("rds", "snapshot", name),
    }


def _category(text: str) -> str:
    words = text.lower()
    return next((category for word, category in CATEGORIES.items() if word in words), "configuration change")


OPERATIONS: Mapping[str, Any] = {
    "DescribeDBInstances": describe_db_instances,
    "DescribeDBClusters": describe_db_clusters,
    "DescribeDBSnapshots": describe_db_snapshots,
    "DescribeEvents": describe_events,
    "ListTagsForResource": list_tags,
}
