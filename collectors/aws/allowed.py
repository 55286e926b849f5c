"""Which operations may a client that reads send? Every other is refused, whatever its name promises."""

from __future__ import annotations

from collections.abc import Mapping

ALLOWED: Mapping[str, frozenset[str]] = {
    "backup": frozenset(
        {
            *("ListBackupJobs", "ListBackupVaults", "ListCopyJobs", "ListProtectedResources"),
            *("ListRecoveryPointsByBackupVault", "ListRestoreJobs"),
        }
    ),
    "cloudtrail": frozenset({"LookupEvents"}),  # who changed what: for `audit diff`, and while `:audit` is in sight
    "cloudwatch": frozenset({"DescribeAlarms", "GetMetricData", "ListMetrics"}),
    "dynamodb": frozenset(
        {
            *("DescribeContinuousBackups", "DescribeTable", "ListBackups", "ListTables"),
            "ListTagsOfResource",
        }
    ),
    "elasticache": frozenset(
        {
            *("DescribeCacheClusters", "DescribeReplicationGroups", "ListTagsForResource"),
            *("DescribeEvents", "DescribeSnapshots"),
        }
    ),
    "iam": frozenset({"GetRole", "SimulatePrincipalPolicy"}),  # what the caller may do: the second changes nothing
    "kms": frozenset({"DescribeKey"}),
    "rds": frozenset(
        {
            *("DescribeDBClusters", "DescribeDBInstances", "ListTagsForResource"),
            *("DescribeDBClusterSnapshots", "DescribeDBInstanceAutomatedBackups", "DescribeDBSnapshots"),
            *("DescribeAccountAttributes", "DescribeEvents", "DescribePendingMaintenanceActions"),
        }
    ),
    "resourcegroupstaggingapi": frozenset({"GetResources"}),
    "ssm": frozenset({"GetCalendarState"}),
    # What a session needs in order to be one at all; credentials are asked for nowhere else.
    "signin": frozenset({"CreateOAuth2Token"}),
    "sso": frozenset({"GetRoleCredentials"}),
    "sso-oidc": frozenset({"CreateToken"}),
    "sts": frozenset({"AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity"}),
}

OF_A_SECRET: Mapping[str, frozenset[str]] = {"secretsmanager": frozenset({"GetSecretValue"})}
"""And what may be sent only for the one secret that the profile names, while it is read: see `secrets.py`."""

_IAM_NAMES = {"resourcegroupstaggingapi": "tag"}


def is_allowed(service: str, operation: str) -> bool:
    return operation in ALLOWED.get(service, frozenset())


def is_of_a_secret(service: str, operation: str) -> bool:
    return operation in OF_A_SECRET.get(service, frozenset())


def grant(service: str, operation: str) -> str:
    """IAM's name for it, which is not always the client's."""
    return f"{_IAM_NAMES.get(service, service)}:{operation}"
