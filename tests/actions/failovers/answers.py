"""AWS as it answers where a failover is fine; and each way in which it is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.actions.given import NOW
from tests.actions.recorded import Recorded

Fact = dict[str, Any]
HERE = "eu-west-1:111122223333"
INSTANCE: Fact = {
    "DBInstanceIdentifier": "billing",
    "DBInstanceArn": f"arn:aws:rds:{HERE}:db:billing",
    "DBInstanceStatus": "available",
    "DBInstanceClass": "db.m6i.2xlarge",
    "Engine": "sqlserver-se",
    "EngineVersion": "15.00",
    "MultiAZ": True,
    "AvailabilityZone": "eu-west-1a",
    "SecondaryAvailabilityZone": "eu-west-1c",
    "LatestRestorableTime": NOW - timedelta(minutes=5),
    "BackupRetentionPeriod": 14,
    "PendingModifiedValues": {},
    "ReadReplicaDBInstanceIdentifiers": [],
}
REPLICA: Fact = INSTANCE | {
    "DBInstanceIdentifier": "billing-replica",
    "DBInstanceArn": f"arn:aws:rds:{HERE}:db:billing-replica",
    "MultiAZ": False,
    "BackupRetentionPeriod": 0,
    "LatestRestorableTime": None,
    "ReadReplicaSourceDBInstanceIdentifier": "billing",
    "Endpoint": {"Address": "billing-replica.example", "Port": 1433},
}
WRITER: Fact = {
    "DBInstanceIdentifier": "catalogue-1",
    "DBInstanceStatus": "available",
    "DBInstanceClass": "db.r7g.2xlarge",
    "EngineVersion": "16.6",
    "AvailabilityZone": "eu-west-1a",
    "PromotionTier": 1,
}
READER: Fact = WRITER | {"DBInstanceIdentifier": "catalogue-2", "AvailabilityZone": "eu-west-1b"}
MEMBERS = [
    {"DBInstanceIdentifier": "catalogue-1", "IsClusterWriter": True},
    {"DBInstanceIdentifier": "catalogue-2", "IsClusterWriter": False},
]
CLUSTER: Fact = {
    "DBClusterIdentifier": "catalogue",
    "DBClusterArn": f"arn:aws:rds:{HERE}:cluster:catalogue",
    "Status": "available",
    "Engine": "aurora-postgresql",
    "EngineVersion": "16.6",
    "DBClusterMembers": MEMBERS,
}
NODES = [
    {"CacheClusterId": "sessions-001", "PreferredAvailabilityZone": "eu-west-1a", "CurrentRole": "primary"},
    {"CacheClusterId": "sessions-002", "PreferredAvailabilityZone": "eu-west-1c", "CurrentRole": "replica"},
]
SHARD: Fact = {"NodeGroupId": "0001", "Status": "available", "NodeGroupMembers": NODES}
GROUP: Fact = {
    "ReplicationGroupId": "sessions",
    "ARN": f"arn:aws:elasticache:{HERE}:replicationgroup:sessions",
    "Status": "available",
    "AutomaticFailover": "enabled",
    "PendingModifiedValues": {},
    "NodeGroups": [SHARD],
}
NODE: Fact = {"CacheClusterId": "sessions-001", "CacheClusterStatus": "available", "ReplicationGroupId": "sessions"}


class Named(Recorded):
    """Who is asked for by a name is answered for by that name."""

    def __init__(self, instances: Mapping[str, Mapping[str, Any]], **answers: Mapping[str, Any]) -> None:
        super().__init__(**answers)
        self._instances = instances

    async def call(self, service: str, operation: str, /, **parameters: Any) -> Mapping[str, Any]:
        wanted = parameters.get("DBInstanceIdentifier")
        if operation == "DescribeDBInstances" and wanted is not None:
            found = self._instances.get(wanted)
            return {"DBInstances": [] if found is None else [found]}
        return await super().call(service, operation, **parameters)


def event(minutes_ago: float, message: str, about: str) -> dict[str, Any]:
    return {"Date": NOW - timedelta(minutes=minutes_ago), "Message": message, "SourceIdentifier": about}


def answers(
    *, billing: Fact | None = None, replica: Fact | None = None,
    writer: Fact | None = None, reader: Fact | None = None,
    cluster: Fact | None = None, group: Fact | None = None,
    node: Fact | None = None, lacks: str = "", **others: Mapping[str, Any],
) -> Named:  # fmt: skip
    """All is well but for what is given: facts that replace those above, or whole answers by their operation."""
    source = INSTANCE | {"ReadReplicaDBInstanceIdentifiers": ["billing-replica"]} if replica is not None else INSTANCE
    instances = {"billing": source | (billing or {}), "billing-replica": REPLICA | (replica or {})}
    said: dict[str, Mapping[str, Any]] = {
        "DescribeDBInstances": {"DBInstances": [WRITER | (writer or {}), READER | (reader or {})]},
        "DescribeDBClusters": {"DBClusters": [CLUSTER | (cluster or {})]},
        "DescribeReplicationGroups": {"ReplicationGroups": [GROUP | (group or {})]},
        "DescribeCacheClusters": {"CacheClusters": [NODE | (node or {})]},
        "DescribeDBSnapshots": {"DBSnapshots": []},
        "DescribeSnapshots": {"Snapshots": []},
        "DescribeEvents": {"Events": []},
        "DescribePendingMaintenanceActions": {"PendingMaintenanceActions": []},
        **others,
    }
    said.pop(lacks, None)
    return Named(instances, **said)
