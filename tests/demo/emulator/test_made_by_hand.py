"""Snapshots and backups that are made by hand: what may be made, how it gets on, what it is called and tagged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.demo.emulator.emulating import Emulating, code, emulating

OP = [{"Key": "op_id", "Value": "01JQ"}, {"Key": "reason", "Value": "before a drill"}]
SCENARIO = """
name = "trouble"
title = "Snapshots that do not become what they should"
estate = "resilient-database"

[[at]]
seconds = 60
resource = "billing"
cause = "snapshot-stalled"

[[at]]
seconds = 7200
resource = "billing"
clear = true

[[at]]
seconds = 60
resource = "carts"
cause = "snapshot-stalled"

[[at]]
seconds = 60
resource = "sessions-001"
cause = "snapshot-stalled"

[[at]]
seconds = 60
resource = "customers"
cause = "snapshot-failed"

[[at]]
seconds = 60
resource = "reporting"
cause = "key-disabled"

[[at]]
seconds = 60
resource = "orders-primary"
set = { "api.DBInstanceStatus" = "storage-optimization", "api.CopyTagsToSnapshot" = true }
"""


@pytest.fixture(scope="module")
def served() -> Iterator[Emulating]:
    with emulating(role="operator") as world:
        yield world


@pytest.fixture
def world(served: Emulating) -> Emulating:
    served.forward(1200)
    return served


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulating]:
    path = Path(tmp_path_factory.mktemp("scenario")) / "trouble.toml"
    path.write_text(SCENARIO)
    with emulating(str(path), role="operator") as world:
        world.forward(120)
        yield world


def take(world: Emulating, name: str, of: str, **more: Any) -> Any:
    rds = world.client("rds")
    return rds.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier=of, **more)["DBSnapshot"]


def snapshot(world: Emulating, name: str) -> Any:
    return world.client("rds").describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"][0]


def test_its_tags_are_those_that_were_asked_for(world: Emulating) -> None:
    made = take(world, "tagged", "billing", Tags=OP)
    assert made["TagList"] == OP
    assert snapshot(world, "tagged")["TagList"] == OP
    rds = world.client("rds")
    assert rds.list_tags_for_resource(ResourceName=made["DBSnapshotArn"])["TagList"] == OP
    nobody = made["DBSnapshotArn"].replace("tagged", "nobody")
    with pytest.raises(rds.exceptions.DBSnapshotNotFoundFault):
        rds.list_tags_for_resource(ResourceName=nobody)
    assert take(world, "untagged", "customers")["TagList"] == []


def test_it_grows_by_steps_and_is_then_available(world: Emulating) -> None:
    take(world, "growing", "billing")
    seen = []
    for _ in range(40):
        told = snapshot(world, "growing")
        seen.append((told["PercentProgress"], told["Status"]))
        world.forward(10)
    percents = [percent for percent, _ in seen]
    assert percents == sorted(percents)
    assert len(set(percents)) > 8
    assert all(percent % 5 == 0 for percent in percents)
    assert all((percent == 100) == (status == "available") for percent, status in seen)
    assert seen[-1] == (100, "available")


def test_a_member_of_a_cluster_has_no_snapshot_of_its_own(world: Emulating) -> None:
    with pytest.raises(ClientError) as caught:
        take(world, "member", "catalogue-1")
    assert code(caught.value) == "InvalidParameterValue"
    assert "create a snapshot of the cluster instead" in str(caught.value)


def test_a_hundred_are_all_there_may_be() -> None:
    with emulating(role="operator") as world:
        rds = world.client("rds")
        for n in range(100):
            take(world, f"n-{n}", "billing")
            world.forward(400)
        with pytest.raises(rds.exceptions.SnapshotQuotaExceededFault):
            take(world, "one-too-many", "customers")
        quotas = {
            q["AccountQuotaName"]: (q["Used"], q["Max"]) for q in rds.describe_account_attributes()["AccountQuotas"]
        }
        assert quotas == {"ManualSnapshots": (100, 100), "ManualClusterSnapshots": (0, 100)}


def test_a_database_that_is_optimised_can_be_taken(troubled: Emulating) -> None:
    made = take(troubled, "optimised", "orders-primary", Tags=OP)
    assert {each["Key"]: each["Value"] for each in made["TagList"]} == {
        "app": "orders", "estate": "resilient-database", "op_id": "01JQ", "reason": "before a drill",
    }  # fmt: skip


def test_a_scenario_can_make_one_stand_still_until_it_goes_on(tmp_path: Path) -> None:
    def messages(world: Emulating) -> list[str]:
        of = {"SourceIdentifier": "billing", "SourceType": "db-instance"}
        return [each["Message"] for each in world.client("rds").describe_events(**of, Duration=180)["Events"]]

    path = tmp_path / "trouble.toml"
    path.write_text(SCENARIO)
    with emulating(str(path), role="operator") as world:
        take(world, "still", "billing")
        world.forward(3600)
        told = snapshot(world, "still")
        assert (0 < told["PercentProgress"] < 100, told["Status"]) == (True, "creating")
        assert messages(world) == ["Backing up DB instance"]
        world.forward(4000)
        assert snapshot(world, "still")["Status"] == "available"
        assert messages(world) == ["Backing up DB instance", "Finished DB Instance backup"]


def test_a_scenario_can_make_one_fail(troubled: Emulating) -> None:
    take(troubled, "failing", "customers")
    assert snapshot(troubled, "failing")["Status"] == "creating"
    troubled.forward(600)
    assert snapshot(troubled, "failing")["Status"] == "failed"


def test_of_a_key_that_is_disabled_none_is_made(troubled: Emulating) -> None:
    with pytest.raises(troubled.client("rds").exceptions.KMSKeyNotAccessibleFault):
        take(troubled, "locked", "reporting")


# --- caches


def cache_snapshots(world: Emulating, **asked: Any) -> list[Any]:
    return list(world.client("elasticache").describe_snapshots(**asked)["Snapshots"])


def test_a_cache_s_snapshot_is_of_a_replica_and_says_so(world: Emulating) -> None:
    cache = world.client("elasticache")
    made = cache.create_snapshot(SnapshotName="mine", ReplicationGroupId="sessions", Tags=OP)["Snapshot"]
    assert (made["SnapshotStatus"], made["SnapshotSource"]) == ("creating", "manual")
    assert (made["ReplicationGroupId"], made["CacheClusterId"]) == ("sessions", "sessions-002")
    assert cache.list_tags_for_resource(ResourceName=made["ARN"])["TagList"] == OP
    node = cache.describe_cache_clusters(CacheClusterId="sessions-002")["CacheClusters"][0]
    assert node["CacheClusterStatus"] == "snapshotting"
    for asked in ({"ReplicationGroupId": "sessions"}, {"CacheClusterId": "sessions-002"}):
        with pytest.raises(ClientError) as caught:
            cache.create_snapshot(SnapshotName="another", **asked)
        assert code(caught.value) == (
            "InvalidReplicationGroupState" if "ReplicationGroupId" in asked else "InvalidCacheClusterState"
        )
    world.forward(600)
    (whole,) = cache_snapshots(world, SnapshotName="mine")
    assert (whole["SnapshotStatus"], whole["NodeSnapshots"][0]["CacheSize"].endswith(" MB")) == ("available", True)
    assert [each["SnapshotName"] for each in cache_snapshots(world, SnapshotSource="user")] == ["mine"]
    assert "mine" not in {each["SnapshotName"] for each in cache_snapshots(world, SnapshotSource="system")}
    with pytest.raises(cache.exceptions.SnapshotAlreadyExistsFault):
        cache.create_snapshot(SnapshotName="mine", CacheClusterId="sessions-001")
    events = cache.describe_events(SourceIdentifier="sessions-002", SourceType="cache-cluster", Duration=60)["Events"]
    assert [e["Message"] for e in events] == [
        "Creating snapshot mine",
        "Snapshot succeeded for snapshot with ID 'mine'",
    ]


def test_a_node_s_own_snapshot_is_of_no_group(world: Emulating) -> None:
    cache = world.client("elasticache")
    made = cache.create_snapshot(SnapshotName="of-a-node", CacheClusterId="sessions-001")["Snapshot"]
    assert (made["CacheClusterId"], "ReplicationGroupId" in made) == ("sessions-001", False)


def test_nobody_s_cache_has_no_snapshot(world: Emulating) -> None:
    cache = world.client("elasticache")
    with pytest.raises(cache.exceptions.ReplicationGroupNotFoundFault):
        cache.create_snapshot(SnapshotName="x", ReplicationGroupId="nobody")
    with pytest.raises(cache.exceptions.CacheClusterNotFoundFault):
        cache.create_snapshot(SnapshotName="x", CacheClusterId="nobody")
    for name in ("9x", "a--b", "a-", "x" * 51):
        with pytest.raises(cache.exceptions.InvalidParameterValueException):
            cache.create_snapshot(SnapshotName=name, CacheClusterId="sessions-001")


def test_twenty_of_a_node_are_all_there_may_be_in_a_day(world: Emulating) -> None:
    cache = world.client("elasticache")
    world.forward(86_400 * 2)
    night = world.now.replace(hour=6, minute=0)
    world.forward((night - world.now).total_seconds() + 86_400)
    for n in range(20):
        cache.create_snapshot(SnapshotName=f"n-{n}", CacheClusterId="sessions-001")
        world.forward(300)
    with pytest.raises(cache.exceptions.SnapshotQuotaExceededFault):
        cache.create_snapshot(SnapshotName="one-too-many", CacheClusterId="sessions-001")
    world.forward(86_400)
    cache.create_snapshot(SnapshotName="a-day-later", CacheClusterId="sessions-001")


# --- tables


def test_a_table_s_backup_is_made_while_no_other_is(world: Emulating) -> None:
    dynamodb = world.client("dynamodb")
    made = dynamodb.create_backup(TableName="carts", BackupName="mine")["BackupDetails"]
    assert (made["BackupStatus"], made["BackupType"], made["BackupName"]) == ("CREATING", "USER", "mine")
    arn, number = made["BackupArn"].rsplit("/", 1)
    assert arn == "arn:aws:dynamodb:eu-west-1:111122223333:table/carts/backup"
    assert [len(part) for part in number.split("-")] == [14, 8]
    with pytest.raises(dynamodb.exceptions.BackupInUseException):
        dynamodb.create_backup(TableName="carts", BackupName="another")
    world.forward(120)
    told = dynamodb.describe_backup(BackupArn=made["BackupArn"])["BackupDescription"]
    assert (told["BackupDetails"]["BackupStatus"], told["SourceTableDetails"]["TableName"]) == ("AVAILABLE", "carts")
    assert told["BackupDetails"]["BackupSizeBytes"] > 0
    listed = dynamodb.list_backups(TableName="carts")["BackupSummaries"]
    assert [each["BackupArn"] for each in listed] == [made["BackupArn"]]
    everything = dynamodb.list_backups(TableName="carts", BackupType="ALL")["BackupSummaries"]
    assert {each["BackupType"] for each in everything} == {"USER", "AWS_BACKUP"}


def test_a_table_or_a_backup_that_is_not_there(world: Emulating) -> None:
    dynamodb = world.client("dynamodb")
    with pytest.raises(dynamodb.exceptions.TableNotFoundException):
        dynamodb.create_backup(TableName="nobody", BackupName="mine")
    with pytest.raises(dynamodb.exceptions.BackupNotFoundException):
        dynamodb.describe_backup(BackupArn="arn:aws:dynamodb:eu-west-1:111122223333:table/carts/backup/nobody")


def test_a_backup_and_a_cache_s_snapshot_can_stand_still(troubled: Emulating) -> None:
    cache, dynamodb = troubled.client("elasticache"), troubled.client("dynamodb")
    cache.create_snapshot(SnapshotName="still", CacheClusterId="sessions-001")
    made = dynamodb.create_backup(TableName="carts", BackupName="still")["BackupDetails"]
    troubled.forward(3600)
    told = dynamodb.describe_backup(BackupArn=made["BackupArn"])["BackupDescription"]["BackupDetails"]
    assert told["BackupStatus"] == "CREATING"
    assert cache_snapshots(troubled, SnapshotName="still")[0]["SnapshotStatus"] == "creating"
