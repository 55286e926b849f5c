"""AWS Backup, KMS and automated backups as the demo answers them: page by page, in their own region."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.demo.emulator.emulating import Emulating, code, emulating


@pytest.fixture(scope="module")
def world() -> Iterator[Emulating]:
    with emulating() as served:
        yield served


def all_of(world: Emulating, operation: str, key: str, page: int, **asked: Any) -> list[dict[str, Any]]:
    pages = world.client("backup").get_paginator(operation).paginate(PaginationConfig={"PageSize": page}, **asked)
    return [row for each in pages for row in each[key]]


@pytest.mark.parametrize(
    ("operation", "key", "asked"),
    [
        ("list_backup_jobs", "BackupJobs", {}),
        ("list_copy_jobs", "CopyJobs", {}),
        ("list_restore_jobs", "RestoreJobs", {}),
        ("list_protected_resources", "Results", {}),
        ("list_recovery_points_by_backup_vault", "RecoveryPoints", {"BackupVaultName": "estate"}),
    ],
)
def test_pages_are_the_same_whatever_their_size(
    world: Emulating, operation: str, key: str, asked: dict[str, Any]
) -> None:
    assert all_of(world, operation, key, 2, **asked) == all_of(world, operation, key, 1000, **asked) != []


def test_jobs_are_selected_by_their_resource_and_state(world: Emulating) -> None:
    jobs = world.client("backup").list_backup_jobs(ByState="COMPLETED")["BackupJobs"]
    (one, *_) = jobs
    mine = world.client("backup").list_backup_jobs(ByResourceArn=one["ResourceArn"])["BackupJobs"]
    assert {job["ResourceArn"] for job in mine} == {one["ResourceArn"]}
    assert len(mine) < len(jobs)
    assert world.client("backup").list_backup_jobs(ByState="FAILED")["BackupJobs"] == []


def test_what_it_cannot_select_by_and_a_vault_that_is_nobody_s_are_refused(world: Emulating) -> None:
    client = world.client("backup")
    with pytest.raises(ClientError) as refused:
        client.list_backup_jobs(ByParentJobId="x")
    assert code(refused.value) == "InvalidParameterValueException"
    with pytest.raises(ClientError) as refused:
        client.list_recovery_points_by_backup_vault(BackupVaultName="other")
    assert code(refused.value) == "ResourceNotFoundException"


def test_a_job_runs_and_its_point_is_there_before_it_is_whole(world: Emulating) -> None:
    before, world.now = world.now, world.now + timedelta(days=(6 - world.now.weekday()) % 7)
    world.now = world.now.replace(hour=5, minute=0)
    seen = set()
    for _ in range(60):
        world.forward(60)
        jobs = world.client("backup").list_backup_jobs(ByState="RUNNING")["BackupJobs"]
        points = all_of(world, "list_recovery_points_by_backup_vault", "RecoveryPoints", 1000, BackupVaultName="estate")
        creating = {point["RecoveryPointArn"] for point in points if point["Status"] == "CREATING"}
        assert creating == {job["RecoveryPointArn"] for job in jobs}
        seen |= {job["PercentDone"] for job in jobs}
    assert len(seen) > 20
    world.now = before


def test_a_key_is_found_by_its_arn_and_its_id_and_nobody_s_is_not(world: Emulating) -> None:
    arn = world.client("rds").describe_db_instances(DBInstanceIdentifier="billing")["DBInstances"][0]["KmsKeyId"]
    kms = world.client("kms")
    for name in (arn, arn.rpartition("/")[2]):
        assert kms.describe_key(KeyId=name)["KeyMetadata"]["KeyState"] == "Enabled"
    with pytest.raises(ClientError) as refused:
        kms.describe_key(KeyId="none")
    assert code(refused.value) == "NotFoundException"


def test_the_other_region_has_the_copies_and_nothing_else(world: Emulating) -> None:
    here, there, nowhere = (
        world.client("rds", region).describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"]
        for region in ("eu-west-1", "eu-central-1", "us-east-1")
    )
    assert [each["DBInstanceIdentifier"] for each in there] == ["orders-primary"]
    assert nowhere == []
    (own,) = [each for each in here if each.get("DBInstanceAutomatedBackupsReplications")]
    (copy,) = own["DBInstanceAutomatedBackupsReplications"]
    assert copy["DBInstanceAutomatedBackupsArn"] == there[0]["DBInstanceAutomatedBackupsArn"]
    assert there[0]["RestoreWindow"]["LatestTime"] < own["RestoreWindow"]["LatestTime"]
    assert world.client("rds", "eu-central-1").describe_db_instances()["DBInstances"] == []


def test_of_a_group_of_caches_one_node_has_the_snapshots(world: Emulating) -> None:
    (group,) = world.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    snapshots = world.client("elasticache").describe_snapshots()["Snapshots"]
    assert {each["CacheClusterId"] for each in snapshots} == {group["SnapshottingClusterId"]}
    assert world.client("elasticache").describe_snapshots(SnapshotSource="user")["Snapshots"] == []


def test_backups_of_a_table_are_those_of_aws_backup(world: Emulating) -> None:
    client = world.client("dynamodb")
    assert client.list_backups()["BackupSummaries"] == []  # of users, as AWS has it where no type is asked for
    pages = client.get_paginator("list_backups").paginate(BackupType="ALL", PaginationConfig={"PageSize": 3})
    arns = [each["BackupArn"] for page in pages for each in page["BackupSummaries"]]
    points = all_of(world, "list_recovery_points_by_backup_vault", "RecoveryPoints", 1000, BackupVaultName="estate")
    assert arns == [each["RecoveryPointArn"] for each in points if each["ResourceType"] == "DynamoDB"]
    assert len(arns) == len(set(arns)) > 3
