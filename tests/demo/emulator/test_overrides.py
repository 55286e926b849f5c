"""What a scenario sets of a describe call is what AWS answers, in the call's own types."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.demo.emulator.emulating import START, Emulating, emulating

SCENARIO = """
name = "overridden"
title = "Things that describe calls say"
estate = "resilient-database"

[[at]]
seconds = 60
resource = "orders-replica-1"
[at.set]
"api.DBInstanceStatus" = "storage-optimization"
"api.AllocatedStorage" = 2500
"api.LatestRestorableTime" = "2026-03-11T09:05:00Z"
"api.StatusInfos" = [{ StatusType = "read replication", Normal = false, Status = "error", Message = "It stopped." }]

[[at]]
seconds = 60
resource = "carts"
[at.set]
"api.TableStatus" = "UPDATING"
"api.BillingModeSummary" = { BillingMode = "PAY_PER_REQUEST" }

[[at]]
seconds = 60
resource = "sessions-001"
set = { "api.SnapshotRetentionLimit" = nan }

[[at]]
seconds = 60
resource = "catalogue"
event = "Recovery of the DB cluster is complete"

[[at]]
seconds = 120
resource = "orders-replica-1"
clear = true
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulating]:
    path = Path(tmp_path_factory.mktemp("scenario")) / "overridden.toml"
    path.write_text(SCENARIO)
    with emulating(str(path)) as world:
        yield world


@pytest.fixture
def world(served: Emulating) -> Emulating:
    served.now = START
    return served


def replica(world: Emulating) -> Any:
    asked = world.client("rds").describe_db_instances(DBInstanceIdentifier="orders-replica-1")
    return asked["DBInstances"][0]


def test_it_is_said_while_it_holds_and_not_before_or_after(world: Emulating) -> None:
    usual = replica(world)
    world.forward(61)
    said = replica(world)
    assert (said["DBInstanceStatus"], said["AllocatedStorage"]) == ("storage-optimization", 2500)
    assert said["LatestRestorableTime"] == datetime(2026, 3, 11, 9, 5, tzinfo=UTC)
    assert said["StatusInfos"] == [
        {"StatusType": "read replication", "Normal": False, "Status": "error", "Message": "It stopped."}
    ]
    assert said["DBInstanceClass"] == usual["DBInstanceClass"]
    world.forward(60)
    assert replica(world) == usual


def test_a_table_says_its_own(world: Emulating) -> None:
    world.forward(61)
    table = world.client("dynamodb").describe_table(TableName="carts")["Table"]
    assert (table["TableStatus"], table["BillingModeSummary"]) == ("UPDATING", {"BillingMode": "PAY_PER_REQUEST"})


def test_what_is_unknown_is_left_out(world: Emulating) -> None:
    def cache() -> Any:
        return world.client("elasticache").describe_cache_clusters(CacheClusterId="sessions-001")["CacheClusters"][0]

    assert cache()["SnapshotRetentionLimit"] == 1
    world.forward(61)
    assert "SnapshotRetentionLimit" not in cache()


def test_an_event_is_told_by_rds(world: Emulating) -> None:
    world.forward(61)
    (event,) = world.client("rds").describe_events(SourceType="db-cluster", Duration=5)["Events"]
    assert (event["Message"], event["EventCategories"]) == ("Recovery of the DB cluster is complete", ["recovery"])
    assert (event["Date"] - START).total_seconds() == 60
