"""RDS and Aurora as AWS describes them: instances and clusters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from console.demo.backups import NIGHT
from console.demo.emulator.lists import filters, page
from console.demo.emulator.names import arn, key_arn, resource_id, tags
from console.demo.emulator.overrides import overridden
from console.demo.emulator.requests_form import Items, Refused
from console.demo.emulator.world import AURORA, Operation, World
from console.demo.inventory import RDS_DOMAIN, Machine

T = TypeVar("T")
PORTS = {"sqlserver": 1433, "aurora-postgresql": 5432, "postgres": 5432, "": 3306}  # by how an engine's name begins
ASKED_BY = {"instance": ("DBInstanceIdentifier", "db-instance-id"), "cluster": ("DBClusterIdentifier", "db-cluster-id")}
IN_ARN = {"instance": "db", "cluster": "cluster"}
REPLICATING = {"StatusType": "read replication", "Normal": True, "Status": "replicating"}
LICENSES = {
    "sqlserver": "license-included",
    "aurora-postgresql": "postgresql-license",
    "postgres": "postgresql-license",
    "": "general-public-license",
}
BACKUP_WINDOW = f"{int(NIGHT // 3600):02}:00-{int(NIGHT // 3600):02}:30"


def describe_db_instances(world: World, said: dict[str, Any]) -> dict[str, Any]:
    machines = chosen(world, "instance", said)
    if not machines and (wanted := said.get("DBInstanceIdentifier")):
        raise no_instance(wanted)
    shown, more = page(machines, said, world.t)
    return {"DBInstances": Items("DBInstance", (instance(world, each) for each in shown))} | more


def describe_db_clusters(world: World, said: dict[str, Any]) -> dict[str, Any]:
    machines = chosen(world, "cluster", said)
    if not machines and (wanted := said.get("DBClusterIdentifier")):
        raise no_cluster(wanted)
    shown, more = page(machines, said, world.t)
    return {"DBClusters": Items("DBCluster", (cluster(world, each) for each in shown))} | more


def no_instance(name: object) -> Refused:
    return Refused("DBInstanceNotFound", f"DBInstance {name} not found.", 404)


def no_cluster(name: object) -> Refused:
    return Refused("DBClusterNotFoundFault", f"DBCluster {name} not found.", 404)


def chosen(world: World, kind: str, said: dict[str, Any]) -> list[Machine]:
    """Those asked for: by name or ARN, by filters; an unknown filter is refused, as AWS does."""
    machines = world.machines(kind)
    field, own_filter = ASKED_BY[kind]
    if wanted := said.get(field):
        machines = [each for each in machines if wanted in (each.id, arn_of(each))]
    for name, values in filters(said).items():
        if name == own_filter:
            machines = [m for m in machines if m.id in values or arn_of(m) in values]
        elif name == "engine":
            machines = [m for m in machines if m.engine in values]
        elif name == "db-cluster-id":
            machines = [m for m in machines if m.cluster in values]
        elif name == "dbi-resource-id" and kind == "instance":
            machines = [m for m in machines if resource_id("db", m) in values]
        else:
            raise Refused("InvalidParameterValue", f"Unrecognized filter name: {name}")
    return machines


def arn_of(machine: Machine) -> str:
    return arn("rds", IN_ARN[machine.kind], machine.id)


def instance(world: World, machine: Machine) -> dict[str, Any]:
    model, t = world.model, world.t
    az, standby = world.zones(machine)
    own_volume = model.allocated_gib(machine.id, t)
    restorable = world.time(model.restorable_until(machine.id, t))
    replicas = world.replicas.get(machine.id, ())
    backed_up = model.machines[machine.cluster] if machine.cluster else machine  # Aurora backs up the cluster
    is_replica = machine.source is not None and machine.storage_type != AURORA
    described: dict[str, Any] = {
        "DBInstanceIdentifier": machine.id,
        "DBInstanceClass": machine.klass,
        "Engine": machine.engine,
        "DBInstanceStatus": world.status(machine),
        "MasterUsername": "admin",
        "Endpoint": {"Address": f"{machine.id}.{RDS_DOMAIN}", "Port": _by_engine(PORTS, machine)},
        "AllocatedStorage": 1 if own_volume is None else int(own_volume),
        "InstanceCreateTime": world.time(world.created(machine)),
        "PreferredBackupWindow": BACKUP_WINDOW,
        "BackupRetentionPeriod": int(model.retention_days(backed_up.id, t)),
        "AvailabilityZone": az,
        "PreferredMaintenanceWindow": "sun:04:30-sun:05:30",
        "PendingModifiedValues": {},
        "LatestRestorableTime": restorable if model.retention_days(machine.id, t) else None,
        "MultiAZ": standby is not None,
        "EngineVersion": machine.version,
        "AutoMinorVersionUpgrade": True,
        "ReadReplicaSourceDBInstanceIdentifier": machine.source if is_replica else None,
        "ReadReplicaDBInstanceIdentifiers": Items("ReadReplicaDBInstanceIdentifier", replicas),
        "LicenseModel": _by_engine(LICENSES, machine),
        "Iops": machine.iops if machine.storage_type in ("io1", "gp3") else None,
        "SecondaryAvailabilityZone": standby,
        "PubliclyAccessible": False,
        "StatusInfos": Items("DBInstanceStatusInfo", [REPLICATING]) if is_replica else None,
        "StorageType": machine.storage_type,
        "DBClusterIdentifier": machine.cluster,
        "StorageEncrypted": True,
        "KmsKeyId": key_arn(machine),
        "DbiResourceId": resource_id("db", machine),
        "CACertificateIdentifier": "rds-ca-rsa2048-g1",
        "IAMDatabaseAuthenticationEnabled": False,
        "DeletionProtection": True,
        "PerformanceInsightsEnabled": True,
        "PromotionTier": machine.tier if machine.cluster else None,
        "DBInstanceArn": arn_of(machine),
        "TagList": Items("Tag", tags(machine)),
    }
    return overridden(world, machine, described, "rds", "DBInstance")


def _by_engine(known: Mapping[str, T], machine: Machine) -> T:
    return next(value for engine, value in known.items() if machine.engine.startswith(engine))


def cluster(world: World, machine: Machine) -> dict[str, Any]:
    model, t = world.model, world.t
    members = world.members.get(machine.id, [])
    described: dict[str, Any] = {
        "AllocatedStorage": 1,
        "AvailabilityZones": Items("AvailabilityZone", sorted({world.zones(m)[0] for m in members})),
        "BackupRetentionPeriod": machine.retention_days,
        "DBClusterIdentifier": machine.id,
        "Status": world.status(machine),
        "EarliestRestorableTime": world.time(t - model.retention_days(machine.id, t) * 86_400),
        "Endpoint": f"{machine.id}.cluster-{RDS_DOMAIN}",
        "ReaderEndpoint": f"{machine.id}.cluster-ro-{RDS_DOMAIN}",
        "MultiAZ": len(members) > 1,
        "Engine": machine.engine,
        "EngineVersion": machine.version,
        "LatestRestorableTime": world.time(model.restorable_until(machine.id, t)),
        "Port": 5432,
        "PreferredBackupWindow": BACKUP_WINDOW,
        "PreferredMaintenanceWindow": "sun:04:30-sun:05:30",
        "DBClusterMembers": Items(
            "DBClusterMember",
            (
                {
                    "DBInstanceIdentifier": m.id,
                    "IsClusterWriter": m.role == "writer",
                    "DBClusterParameterGroupStatus": "in-sync",
                    "PromotionTier": m.tier,
                }
                for m in members
            ),
        ),
        "StorageEncrypted": True,
        "KmsKeyId": key_arn(machine),
        "DbClusterResourceId": resource_id("cluster", machine),
        "DBClusterArn": arn_of(machine),
        "ClusterCreateTime": world.time(world.created(machine)),
        "EngineMode": "provisioned",
        "IAMDatabaseAuthenticationEnabled": False,
        "DeletionProtection": True,
        "TagList": Items("Tag", tags(machine)),
    }
    return overridden(world, machine, described, "rds", "DBCluster")


OPERATIONS: Mapping[str, Operation] = {
    "DescribeDBInstances": describe_db_instances,
    "DescribeDBClusters": describe_db_clusters,
}
