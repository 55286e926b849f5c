"""Which instances and clusters does RDS list? Those of DocumentDB and Neptune as well: they share its API."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.aws import ties
from collectors.aws.answers import (
    NOTHING,
    Answer,
    Facts,
    address,
    gibibytes,
    in_words,
    many,
    pending,
    plain,
    shown,
    tags_of,
    text,
    within,
    words,
)
from collectors.aws.inventory.listed import Listed, account_in, those_told
from collectors.safe import Safe, sanitise

INSTANCE = Safe("instance")
CLUSTER = Safe("cluster")
WRITER, READER = Safe("writer"), Safe("reader")
PRIMARY, REPLICA = Safe("primary"), Safe("replica")
_GUARDED = ("StorageEncrypted", "PubliclyAccessible", "IAMDatabaseAuthenticationEnabled", "DeletionProtection")
NAMESPACES = {"docdb": "AWS/DocDB", "neptune": "AWS/Neptune"}


def roles(answer: Answer) -> dict[str, Safe]:
    """Of a cluster's members, by their names."""
    return {
        name: WRITER if within(member, "IsClusterWriter") is True else READER
        for member in many(answer, "DBClusterMembers")
        if (name := text(member, "DBInstanceIdentifier"))
    }


def cluster(answer: Answer, region: str) -> Listed | None:
    """None where it has no name."""
    name, engine, arn = text(answer, "DBClusterIdentifier"), text(answer, "Engine"), text(answer, "DBClusterArn")
    if not name:
        return None
    return Listed(
        kind=CLUSTER,
        name=name,
        engine=sanitise(engine),
        arn=arn,
        namespace=NAMESPACES.get(engine, "AWS/RDS"),
        dimensions=(("DBClusterIdentifier", name),),
        status=shown(answer, "Status"),
        az=sanitise(region),
        account=account_in(arn),
        storage=text(answer, "StorageType"),
        klass=text(answer, "DBClusterInstanceClass"),
        endpoint=address(answer, "Endpoint", port=within(answer, "Port")),
        facts=those_told(_cluster_facts(answer)),
        tags=tags_of(many(answer, "TagList")),
    )


def _cluster_facts(answer: Answer) -> Facts:
    yield from plain(answer, "DBClusterInstanceClass", "EngineVersion", "EngineMode")
    yield from gibibytes(answer, "AllocatedStorage")
    yield from plain(answer, "StorageType", "Iops", "MultiAZ")
    yield "AvailabilityZones", in_words(", ".join(sorted(words(answer, "AvailabilityZones"))))
    yield from plain(answer, "BackupRetentionPeriod", "PreferredBackupWindow", "PreferredMaintenanceWindow")
    yield from plain(answer, *_GUARDED)
    yield "Endpoint", _with_port(shown(answer, "Endpoint"), shown(answer, "Port"))
    yield "ReaderEndpoint", _with_port(shown(answer, "ReaderEndpoint"), shown(answer, "Port"))
    yield from plain(answer, "GlobalClusterIdentifier", "ReplicationSourceIdentifier")
    yield from pending(answer)


def instance(answer: Answer, members: Mapping[str, Safe]) -> Listed | None:
    """None where it has no name. What a cluster's member is, only the cluster tells."""
    name, engine, arn = text(answer, "DBInstanceIdentifier"), text(answer, "Engine"), text(answer, "DBInstanceArn")
    if not name:
        return None
    group = text(answer, "DBClusterIdentifier")
    return Listed(
        kind=INSTANCE,
        name=name,
        engine=sanitise(engine),
        arn=arn,
        namespace=NAMESPACES.get(engine, "AWS/RDS"),
        dimensions=(("DBInstanceIdentifier", name),),
        role=members.get(name, NOTHING) if group else _role(answer),
        status=shown(answer, "DBInstanceStatus"),
        az=shown(answer, "AvailabilityZone"),
        account=account_in(arn),
        group=group,
        storage=text(answer, "StorageType"),
        klass=text(answer, "DBInstanceClass"),
        endpoint=address(answer, "Endpoint", "Address", port=within(answer, "Endpoint", "Port")),
        ties=ties.of_instance(answer),
        facts=those_told(_instance_facts(answer)),
        tags=tags_of(many(answer, "TagList")),
    )


def _role(answer: Answer) -> Safe:
    return REPLICA if _source(answer) else PRIMARY


def _source(answer: Answer) -> Safe:
    instance_or_arn = shown(answer, "ReadReplicaSourceDBInstanceIdentifier")
    return instance_or_arn or shown(answer, "ReadReplicaSourceDBClusterIdentifier")


def _instance_facts(answer: Answer) -> Facts:
    """Without `LatestRestorableTime`: it moves every few minutes, and a fact that moves is news of the whole."""
    yield from plain(answer, "DBInstanceClass", "EngineVersion")
    yield from gibibytes(answer, "AllocatedStorage")
    yield from plain(answer, "StorageType", "Iops", "StorageThroughput")
    yield from gibibytes(answer, "MaxAllocatedStorage")
    yield from plain(answer, "MultiAZ", "SecondaryAvailabilityZone")
    yield from plain(answer, "BackupRetentionPeriod", "PreferredBackupWindow", "PreferredMaintenanceWindow")
    yield from plain(answer, *_GUARDED)
    yield "Endpoint", _with_port(shown(answer, "Endpoint", "Address"), shown(answer, "Endpoint", "Port"))
    yield "ReadReplicaSource", _source(answer)
    yield from plain(answer, "PromotionTier")
    yield from pending(answer)


def _with_port(host: Safe, port: Safe) -> Safe:
    return in_words(f"{host}:{port}" if host and port else host)
