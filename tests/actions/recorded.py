"""AWS as it answered once: for outcomes that no emulator shows at will."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from collectors.aws.place import Account, Place
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect


class Recorded(Reader):
    """By operation. What is not there cannot be collected."""

    place = Place(Account(), "eu-west-1")

    def __init__(self, **answers: Mapping[str, Any]) -> None:
        self._answers = answers

    async def call(self, service: str, operation: str, /, **parameters: Any) -> Mapping[str, Any]:
        if operation not in self._answers:
            grant = f"{service}:{operation}"
            raise CannotCollect(f"{grant} is not allowed.", seen="AccessDenied", mend=f"Allow {grant}.")
        return self._answers[operation]

    async def pages(self, service: str, operation: str, /, **parameters: Any) -> AsyncIterator[Mapping[str, Any]]:
        yield await self.call(service, operation, **parameters)


INSTANCE = {
    "DBInstanceIdentifier": "billing",
    "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:billing",
    "DBInstanceStatus": "available",
    "Engine": "postgres",
    "MultiAZ": True,
    "AvailabilityZone": "eu-west-1a",
    "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1f",
    "StorageEncrypted": True,
}
CLUSTER = {
    "DBClusterIdentifier": "catalogue",
    "DBClusterArn": "arn:aws:rds:eu-west-1:111122223333:cluster:catalogue",
    "Status": "available",
    "AvailabilityZones": ["eu-west-1a", "eu-west-1b"],
}
NODE = {
    "CacheClusterId": "sessions-001",
    "ARN": "arn:aws:elasticache:eu-west-1:111122223333:cluster:sessions-001",
    "CacheClusterStatus": "available",
    "Engine": "redis",
    "ReplicationGroupId": "sessions",
}
TABLE = {
    "TableName": "carts",
    "TableArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/carts",
    "TableStatus": "ACTIVE",
    "SSEDescription": {"KMSMasterKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/1f"},
}
MEMBERS = [
    {"CacheClusterId": "sessions-001", "CurrentRole": "primary"},
    {"CacheClusterId": "sessions-002", "CurrentRole": "replica"},
]


def instance(**otherwise: Any) -> dict[str, Any]:
    return {"DescribeDBInstances": {"DBInstances": [INSTANCE | otherwise]}}


def cluster(**otherwise: Any) -> dict[str, Any]:
    return {"DescribeDBClusters": {"DBClusters": [CLUSTER | otherwise]}}


def node(**otherwise: Any) -> dict[str, Any]:
    return {"DescribeCacheClusters": {"CacheClusters": [NODE | otherwise]}}


def table(**otherwise: Any) -> dict[str, Any]:
    return {"DescribeTable": {"Table": TABLE | otherwise}}


def quota(used: int, most: int) -> dict[str, Any]:
    quotas = [
        {"AccountQuotaName": name, "Used": used, "Max": most} for name in ("ManualSnapshots", "ManualClusterSnapshots")
    ]
    return {"DescribeAccountAttributes": {"AccountQuotas": quotas}}


def key(state: str) -> dict[str, Any]:
    return {"DescribeKey": {"KeyMetadata": {"KeyState": state}}}


WELL: Mapping[str, Any] = {
    **instance(),
    **cluster(),
    **node(),
    **table(),
    **quota(1, 100),
    **key("Enabled"),
    "DescribeDBSnapshots": {"DBSnapshots": []},
    "DescribeDBClusterSnapshots": {"DBClusterSnapshots": []},
    "DescribeSnapshots": {"Snapshots": []},
    "ListBackups": {"BackupSummaries": []},
    "DescribeReplicationGroups": {"ReplicationGroups": [{"NodeGroups": [{"NodeGroupMembers": MEMBERS}]}]},
}
"""Of all kinds, and none with anything the matter; but the cache is a primary."""


def recorded(*otherwise: Mapping[str, Any], lacks: str = "") -> Recorded:
    """All is well but for this."""
    answers = dict(WELL)
    for each in otherwise:
        answers |= each
    answers.pop(lacks, None)
    return Recorded(**answers)
