"""What RDS does on request, over the estate's own time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.demo.emulator.cloudwatch_answering import named
from tests.demo.emulator.emulating import Emulating, code, emulating


@pytest.fixture(scope="module")
def served() -> Iterator[Emulating]:
    with emulating() as world:
        yield world


@pytest.fixture
def world(served: Emulating) -> Emulating:
    served.now += timedelta(minutes=20)  # what a test did is over when the next begins
    return served


def instance(world: Emulating, name: str) -> Any:
    return world.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def cluster(world: Emulating) -> Any:
    return world.client("rds").describe_db_clusters(DBClusterIdentifier="catalogue")["DBClusters"][0]


def zones(world: Emulating, name: str) -> tuple[str, str]:
    told = instance(world, name)
    return told["AvailabilityZone"], told["SecondaryAvailabilityZone"]


def messages(world: Emulating, name: str, source: str = "db-instance") -> list[str]:
    found = world.client("rds").describe_events(SourceIdentifier=name, SourceType=source, Duration=10)["Events"]
    return [event["Message"] for event in found]


def test_a_failover_takes_its_time_and_then_the_zones_have_changed(world: Emulating) -> None:
    before, name = zones(world, "orders-primary"), "orders-primary"
    answer = world.client("rds").reboot_db_instance(DBInstanceIdentifier=name, ForceFailover=True)
    assert answer["DBInstance"]["DBInstanceStatus"] == "rebooting"
    seen = []
    for _ in range(180):
        seen.append((instance(world, name)["DBInstanceStatus"], zones(world, name)))
        world.forward(1)
    changes = [each for n, each in enumerate(seen) if n == 0 or seen[n - 1] != each]
    assert changes == [("rebooting", before), ("rebooting", before[::-1]), ("available", before[::-1])]
    assert messages(world, name) == [
        "Multi-AZ instance failover started",
        "Multi-AZ instance failover completed",
        "Multi-AZ failover to standby complete - DNS propagation may take a few minutes",
    ]


def test_a_second_failover_brings_it_back(world: Emulating) -> None:
    before = zones(world, "customers")
    for _ in range(2):
        world.client("rds").reboot_db_instance(DBInstanceIdentifier="customers", ForceFailover=True)
        world.forward(300)
    assert zones(world, "customers") == before


def test_a_restart_changes_no_zone(world: Emulating) -> None:
    before = zones(world, "billing")
    world.client("rds").reboot_db_instance(DBInstanceIdentifier="billing")
    assert instance(world, "billing")["DBInstanceStatus"] == "rebooting"
    world.forward(120)
    assert (instance(world, "billing")["DBInstanceStatus"], zones(world, "billing")) == ("available", before)
    assert messages(world, "billing") == ["DB instance shutdown", "DB instance restarted"]


def test_no_standby_no_failover(world: Emulating) -> None:
    with pytest.raises(ClientError) as caught:
        world.client("rds").reboot_db_instance(DBInstanceIdentifier="reporting", ForceFailover=True)
    assert code(caught.value) == "InvalidParameterCombination"
    assert instance(world, "reporting")["DBInstanceStatus"] == "available"


def test_of_two_at_once_one_is_refused(world: Emulating) -> None:
    rds = world.client("rds")

    def ask(_: int) -> str:
        try:
            rds.reboot_db_instance(DBInstanceIdentifier="customers")
        except rds.exceptions.InvalidDBInstanceStateFault:
            return "refused"
        return "done"

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(ask, range(4))) == ["done", "refused", "refused", "refused"]


def test_nobody_is_restarted(world: Emulating) -> None:
    rds = world.client("rds")
    with pytest.raises(rds.exceptions.DBInstanceNotFoundFault):
        rds.reboot_db_instance(DBInstanceIdentifier="nobody")
    with pytest.raises(rds.exceptions.DBClusterNotFoundFault):
        rds.failover_db_cluster(DBClusterIdentifier="nobody")


def test_a_cluster_fails_over_to_its_reader(world: Emulating) -> None:
    def writer() -> str:
        (found,) = [m["DBInstanceIdentifier"] for m in cluster(world)["DBClusterMembers"] if m["IsClusterWriter"]]
        return str(found)

    before = writer()
    answer = world.client("rds").failover_db_cluster(DBClusterIdentifier="catalogue")
    assert (answer["DBCluster"]["Status"], writer()) == ("failing-over", before)
    with pytest.raises(world.client("rds").exceptions.InvalidDBClusterStateFault):
        world.client("rds").failover_db_cluster(DBClusterIdentifier="catalogue")
    world.forward(60)
    assert (cluster(world)["Status"], {before, writer()}) == ("available", {"catalogue-1", "catalogue-2"})
    started, completed = messages(world, "catalogue", "db-cluster")
    assert (started, completed) == (
        f"Started cross AZ failover to DB instance: {writer()}",
        f"Completed failover to DB instance: {writer()}",
    )
    assert messages(world, before) == ["DB instance shutdown", "DB instance restarted"]


def test_a_target_that_is_no_reader(world: Emulating) -> None:
    writer = next(m["DBInstanceIdentifier"] for m in cluster(world)["DBClusterMembers"] if m["IsClusterWriter"])
    for target in (writer, "billing"):
        with pytest.raises(world.client("rds").exceptions.InvalidDBClusterStateFault):
            world.client("rds").failover_db_cluster(DBClusterIdentifier="catalogue", TargetDBInstanceIdentifier=target)


def test_a_snapshot_by_hand_takes_a_while(world: Emulating) -> None:
    rds = world.client("rds")
    made = rds.create_db_snapshot(DBSnapshotIdentifier="before-it", DBInstanceIdentifier="reporting")["DBSnapshot"]
    assert (made["Status"], made["PercentProgress"], made["SnapshotType"]) == ("creating", 0, "manual")
    assert made["SnapshotCreateTime"] == world.now
    assert instance(world, "reporting")["DBInstanceStatus"] == "backing-up"
    with pytest.raises(rds.exceptions.InvalidDBInstanceStateFault):
        rds.create_db_snapshot(DBSnapshotIdentifier="another", DBInstanceIdentifier="reporting")
    world.forward(90)
    (half,) = rds.describe_db_snapshots(DBSnapshotIdentifier="before-it")["DBSnapshots"]
    assert 0 < half["PercentProgress"] < 100
    world.forward(600)
    (whole,) = rds.describe_db_snapshots(DBInstanceIdentifier="reporting", SnapshotType="manual")["DBSnapshots"]
    assert (whole["Status"], whole["PercentProgress"]) == ("available", 100)
    with pytest.raises(rds.exceptions.DBSnapshotAlreadyExistsFault):
        rds.create_db_snapshot(DBSnapshotIdentifier="before-it", DBInstanceIdentifier="billing")


def test_a_cluster_s_snapshot_by_hand(world: Emulating) -> None:
    rds = world.client("rds")
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="mine", DBClusterIdentifier="catalogue")
    assert cluster(world)["Status"] == "backing-up"
    world.forward(600)
    told = rds.describe_db_cluster_snapshots(SnapshotType="manual")["DBClusterSnapshots"]
    assert [(each["DBClusterSnapshotIdentifier"], each["Status"]) for each in told] == [("mine", "available")]


@pytest.mark.parametrize("name", ["9lives", "two--dashes", "ends-", "under_score"])
def test_a_name_that_no_snapshot_may_have(world: Emulating, name: str) -> None:
    with pytest.raises(ClientError) as caught:
        world.client("rds").create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier="billing")
    assert code(caught.value) == "InvalidParameterValue"


def test_each_night_s_snapshot_is_kept_as_long_as_it_is_bought(world: Emulating) -> None:
    rds = world.client("rds")
    told = rds.describe_db_snapshots(DBInstanceIdentifier="reporting", SnapshotType="automated")["DBSnapshots"]
    assert len(told) == 7
    newest = max(each["SnapshotCreateTime"] for each in told)
    plan = world.model.plan(named("reporting"))
    assert int(newest.timestamp()) == int(plan.newest_snapshot(world.t) or 0)
    assert told[-1]["DBSnapshotIdentifier"] == f"rds:reporting-{newest:%Y-%m-%d-%H-%M}"
    assert rds.describe_db_snapshots(DBInstanceIdentifier="orders-replica-1")["DBSnapshots"] == []


def test_tonight_s_snapshot_is_there_once_it_is_whole(world: Emulating) -> None:
    def snapshots() -> list[Any]:
        told = world.client("rds").describe_db_snapshots(DBInstanceIdentifier="reporting", SnapshotType="automated")
        return sorted(told["DBSnapshots"], key=lambda each: each["SnapshotCreateTime"])

    def newest() -> float:
        whole = (each for each in snapshots() if each["Status"] == "available")
        return float(max(each["SnapshotCreateTime"] for each in whole).timestamp())

    plan, now = world.model.plan(named("reporting")), world.now
    begins, ends = plan.night(int(world.t // 86_400) + 1)
    world.forward(ends - 1 - world.t)
    assert newest() < begins - 3600
    assert [each["PercentProgress"] for each in snapshots()][-2:] == [100, 99]
    world.forward(2)
    assert newest() == int(begins)
    world.now = now


def test_snapshots_of_a_cluster_and_names_that_are_nobody_s(world: Emulating) -> None:
    rds = world.client("rds")
    nights = rds.describe_db_cluster_snapshots(SnapshotType="automated")["DBClusterSnapshots"]
    assert len(nights) == 7
    for operation, key in (
        (rds.describe_db_snapshots, "DBSnapshot"),
        (rds.describe_db_cluster_snapshots, "DBClusterSnapshot"),
    ):
        with pytest.raises(ClientError) as caught:
            operation(**{f"{key}Identifier": "nobody"})
        assert code(caught.value).startswith(f"{key}NotFound")


def test_what_the_demo_cannot_do_is_refused_and_changes_nothing(world: Emulating) -> None:
    before = instance(world, "billing")
    with pytest.raises(ClientError) as caught:
        world.client("rds").switchover_read_replica(DBInstanceIdentifier="billing")
    assert code(caught.value) == "InvalidAction"
    assert instance(world, "billing") == before
