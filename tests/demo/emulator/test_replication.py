"""Of replication the emulator says what AWS does: status infos, a global table's regions, lags by their names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.demo.emulator.emulating import Emulating, emulating

SCENARIO = """name = "mine"
estate = "database-architect"
[[at]]
seconds = 600
resource = "shop-replica-1"
set = { "api.StatusInfos" = [
  { StatusType = "read replication", Status = "error", Normal = false, Message = "Error 1236" },
], "cloudwatch.ReplicaLag" = -1 }
[[at]]
seconds = 600
resource = "profiles"
set = { "api.Replicas" = [{ RegionName = "eu-central-1", ReplicaStatus = "REGION_DISABLED" }] }
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulating]:
    path: Path = tmp_path_factory.mktemp("scenario") / "mine.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    with emulating(str(path), None) as found:
        found.forward(300)
        yield found


def points(world: Emulating, namespace: str, metric: str, **under: str) -> list[float]:
    asked: dict[str, Any] = {
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": name, "Value": value} for name, value in under.items()],
    }
    query = {"Id": "q", "MetricStat": {"Metric": asked, "Period": 60, "Stat": "Maximum"}}
    since = world.now - timedelta(minutes=10)
    answer = world.client("cloudwatch").get_metric_data(
        MetricDataQueries=[query], StartTime=since, EndTime=world.now, ScanBy="TimestampDescending"
    )
    values: list[float] = answer["MetricDataResults"][0]["Values"]
    return values


def replica(world: Emulating, name: str) -> dict[str, Any]:
    (found,) = world.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    return dict(found)


def test_a_cascade_names_each_ones_source(world: Emulating) -> None:
    sources = {name: replica(world, name)["ReadReplicaSourceDBInstanceIdentifier"] for name in NAMES[1:3]}
    assert sources == {"ledger-replica-1": "ledger", "ledger-replica-2": "ledger-replica-1"}
    ledger = replica(world, "ledger")
    assert ledger["ReadReplicaDBInstanceIdentifiers"] == ["ledger-replica-1"]
    assert (ledger["MultiAZ"], ledger["SecondaryAvailabilityZone"]) == (True, "eu-west-1b")
    assert points(world, "AWS/RDS", "ReplicaLag", DBInstanceIdentifier="ledger-replica-2")
    assert not points(world, "AWS/RDS", "ReplicaLag", DBInstanceIdentifier="ledger")


NAMES = ("ledger", "ledger-replica-1", "ledger-replica-2")


def test_a_global_table_tells_its_region_and_how_late_it_is_there(world: Emulating) -> None:
    table = world.client("dynamodb").describe_table(TableName="profiles")["Table"]
    assert [(each["RegionName"], each["ReplicaStatus"]) for each in table["Replicas"]] == [("eu-central-1", "ACTIVE")]
    under = {"TableName": "profiles", "ReceivingRegion": "eu-central-1"}
    latencies = points(world, "AWS/DynamoDB", "ReplicationLatency", **under)
    assert latencies
    assert all(300 < value < 2000 for value in latencies)  # milliseconds
    assert not points(world, "AWS/DynamoDB", "ReplicationLatency", TableName="profiles")
    assert not points(world, "AWS/DynamoDB", "ReplicationLatency", **{**under, "ReceivingRegion": "us-east-1"})
    assert not points(world, "AWS/DynamoDB", "ConsumedReadCapacityUnits", **under)
    listed = world.client("cloudwatch").list_metrics(Namespace="AWS/DynamoDB", MetricName="ReplicationLatency")
    assert [{each["Name"]: each["Value"] for each in one["Dimensions"]} for one in listed["Metrics"]] == [under]


def test_an_ordinary_cache_takes_part_in_no_migration(world: Emulating) -> None:
    under = {"CacheClusterId": "hot-002", "CacheNodeId": "0001"}
    assert set(points(world, "AWS/ElastiCache", "MasterLinkHealthStatus", **under)) == {0.0}
    assert points(world, "AWS/ElastiCache", "ReplicationLag", **under)


def test_a_scenario_breaks_a_link_as_aws_would_tell_it(world: Emulating) -> None:
    assert replica(world, "shop-replica-1")["StatusInfos"] == [
        {"StatusType": "read replication", "Normal": True, "Status": "replicating"}
    ]
    world.forward(600)
    (info,) = replica(world, "shop-replica-1")["StatusInfos"]
    assert (info["Status"], info["Normal"], info["Message"]) == ("error", False, "Error 1236")
    assert points(world, "AWS/RDS", "ReplicaLag", DBInstanceIdentifier="shop-replica-1")[0] == -1.0
    table = world.client("dynamodb").describe_table(TableName="profiles")["Table"]
    assert table["Replicas"][0]["ReplicaStatus"] == "REGION_DISABLED"
