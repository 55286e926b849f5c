"""Promotion, a cache's test failover, and what a scenario makes of each: refusals, statuses, roles, events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.demo.emulator.emulating import Emulating, code, emulating

SCENARIO = """name = "mine"
estate = "resilient-database"
[[at]]
seconds = 0
resource = "orders-primary"
set = { "failover.swap_s" = 900, "failover.recovery_s" = 100, "failover.events" = "disordered" }
[[at]]
seconds = 0
resource = "customers"
set = { "failover.refused" = "A failover of customers is not possible now." }
[[at]]
seconds = 0
resource = "billing"
set = { "failover.not_attempted" = 1 }
[[at]]
seconds = 0
resource = "catalogue"
set = { "failover.never_ends" = 1 }
[[at]]
seconds = 0
resource = "sessions-002"
set = { "failover.refused" = "TestFailover is not available in this region at this time." }
"""


@pytest.fixture(scope="module")
def served() -> Iterator[Emulating]:
    with emulating() as world:
        yield world


@pytest.fixture
def world(served: Emulating) -> Emulating:
    served.now += timedelta(minutes=30)  # what a test did is over when the next begins
    return served


@pytest.fixture(scope="module")
def otherwise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulating]:
    path: Path = tmp_path_factory.mktemp("scenario") / "mine.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    with emulating(str(path)) as world:
        world.forward(60)
        yield world


@pytest.fixture(scope="module")
def architects() -> Iterator[Emulating]:
    with emulating("database-architect", None) as world:
        yield world


def instance(world: Emulating, name: str) -> dict[str, Any]:
    (found,) = world.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    return dict(found)


def group(world: Emulating, name: str = "sessions") -> dict[str, Any]:
    told = world.client("elasticache").describe_replication_groups(ReplicationGroupId=name)
    (found,) = told["ReplicationGroups"]
    return dict(found)


def roles(world: Emulating, name: str = "sessions") -> dict[str, str]:
    (shard,) = group(world, name)["NodeGroups"]
    return {each["CacheClusterId"]: each["CurrentRole"] for each in shard["NodeGroupMembers"]}


def refused(call: Any, **said: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**said)
    return code(caught.value)


def test_a_replica_that_is_promoted_is_a_database_of_its_own_for_good(architects: Emulating) -> None:
    world, rds = architects, architects.client("rds")
    answer = rds.promote_read_replica(DBInstanceIdentifier="shop-replica-1", BackupRetentionPeriod=5)["DBInstance"]
    assert (answer["DBInstanceStatus"], answer["ReadReplicaSourceDBInstanceIdentifier"]) == ("modifying", "shop")
    seen: list[str] = []
    for _ in range(300):
        status = instance(world, "shop-replica-1")["DBInstanceStatus"]
        seen += [status] if seen[-1:] != [status] else []
        world.forward(1)
    assert seen == ["modifying", "rebooting", "modifying", "backing-up", "available"]
    now = instance(world, "shop-replica-1")
    assert "ReadReplicaSourceDBInstanceIdentifier" not in now
    assert "StatusInfos" not in now or now["StatusInfos"] == []
    assert now["BackupRetentionPeriod"] == 5
    assert instance(world, "shop").get("ReadReplicaDBInstanceIdentifiers", []) == []
    told = rds.describe_events(SourceIdentifier="shop-replica-1", SourceType="db-instance", Duration=10)["Events"]
    assert [each["Message"] for each in told] == [
        "Replication for the Read Replica was terminated",
        "DB instance shutdown",
        "DB instance restarted",
        "Backing up DB instance",
        "Finished DB Instance backup",
    ]
    assert refused(rds.promote_read_replica, DBInstanceIdentifier="shop-replica-1") == "InvalidDBInstanceState"
    world.forward(86_400)
    assert "ReadReplicaSourceDBInstanceIdentifier" not in instance(world, "shop-replica-1")


def test_what_is_no_replica_or_not_ready_or_followed_itself_is_not_promoted(architects: Emulating) -> None:
    rds, promote = architects.client("rds"), architects.client("rds").promote_read_replica
    assert refused(promote, DBInstanceIdentifier="ledger") == "InvalidDBInstanceState"
    assert refused(promote, DBInstanceIdentifier="nobody") == "DBInstanceNotFound"
    followed = {"DBInstanceIdentifier": "ledger-replica-1", "BackupRetentionPeriod": 0}
    assert refused(promote, **followed) == "InvalidParameterCombination"
    assert refused(promote, **{**followed, "BackupRetentionPeriod": 36}) == "InvalidParameterValue"
    rds.reboot_db_instance(DBInstanceIdentifier="ledger-replica-2")
    assert refused(promote, DBInstanceIdentifier="ledger-replica-2") == "InvalidDBInstanceState"


def test_a_reader_of_aurora_is_no_replica_that_could_be_promoted(world: Emulating) -> None:
    promote = world.client("rds").promote_read_replica
    assert refused(promote, DBInstanceIdentifier="catalogue-2") == "InvalidDBInstanceState"


def test_a_cache_s_shard_is_failed_over_and_told_in_the_order_that_is_documented(world: Emulating) -> None:
    cache, before = world.client("elasticache"), roles(world)
    answer = cache.test_failover(ReplicationGroupId="sessions", NodeGroupId="0001")["ReplicationGroup"]
    assert answer["Status"] == "modifying"
    begun = {"ReplicationGroupId": "sessions", "NodeGroupId": "0001"}
    assert refused(cache.test_failover, **begun) == "InvalidReplicationGroupState"
    world.forward(60)
    after = roles(world)
    assert (group(world)["Status"], set(after.values())) == ("modifying", {"primary", "replica"})
    assert all(after[name] != role for name, role in before.items())
    world.forward(400)
    assert (group(world)["Status"], roles(world)) == ("available", after)
    told = cache.describe_events(Duration=10)["Events"]
    (old,) = (name for name, role in before.items() if role == "primary")
    (new,) = (name for name, role in before.items() if role == "replica")
    completed = f"Failover from primary node {old} to replica node {new} completed"
    assert [(each["SourceType"], each["SourceIdentifier"], each["Message"]) for each in told] == [
        ("replication-group", "sessions", "Test Failover API called for node group 0001"),
        ("cache-cluster", old, completed),
        ("replication-group", "sessions", completed),
        ("cache-cluster", old, "Recovering cache nodes 0001"),
        ("cache-cluster", old, "Finished recovery for cache nodes 0001"),
    ]
    of_group = cache.describe_events(SourceType="replication-group", SourceIdentifier="sessions", Duration=10)
    assert len(of_group["Events"]) == 2
    cache.test_failover(**begun)
    world.forward(400)
    assert roles(world) == before


def test_a_group_or_a_shard_that_is_not_there_is_not_tested(world: Emulating) -> None:
    test = world.client("elasticache").test_failover
    assert refused(test, ReplicationGroupId="nobody", NodeGroupId="0001") == "ReplicationGroupNotFoundFault"
    assert refused(test, ReplicationGroupId="sessions", NodeGroupId="0002") == "NodeGroupNotFoundFault"


def test_fifteen_shards_a_day_may_be_tested() -> None:
    with emulating() as world:
        test = world.client("elasticache").test_failover
        for _ in range(15):
            test(ReplicationGroupId="sessions", NodeGroupId="0001")
            world.forward(900)
        said = {"ReplicationGroupId": "sessions", "NodeGroupId": "0001"}
        assert refused(test, **said) == "APICallRateForCustomerExceeded"
        world.forward(86_400 - 15 * 900 + 1)
        test(**said)


def test_all_of_them_are_on_the_trail(world: Emulating) -> None:
    world.client("elasticache").test_failover(ReplicationGroupId="sessions", NodeGroupId="0001")
    world.client("rds").promote_read_replica(DBInstanceIdentifier="orders-replica-2")
    world.forward(1200)  # a trail is written late
    found = world.client("cloudtrail").lookup_events(StartTime=world.now - timedelta(minutes=25), EndTime=world.now)
    events = {each["EventName"]: json.loads(each["CloudTrailEvent"]) for each in found["Events"]}
    assert events["PromoteReadReplica"]["requestParameters"]["dBInstanceIdentifier"] == "orders-replica-2"
    assert events["TestFailover"]["requestParameters"]["replicationGroupId"] == "sessions"


def test_zones_that_are_shown_late_and_events_out_of_order(otherwise: Emulating) -> None:
    world, before = otherwise, instance(otherwise, "orders-primary")["AvailabilityZone"]
    world.client("rds").reboot_db_instance(DBInstanceIdentifier="orders-primary", ForceFailover=True)
    world.forward(100)
    assert instance(world, "orders-primary")["DBInstanceStatus"] == "rebooting"
    world.forward(500)
    late = instance(world, "orders-primary")
    assert (late["DBInstanceStatus"], late["AvailabilityZone"]) == ("available", before)
    told = world.client("rds").describe_events(SourceIdentifier="orders-primary", SourceType="db-instance", Duration=20)
    texts = [each["Message"] for each in told["Events"]]
    assert texts.index("Multi-AZ instance failover completed") < texts.index("Multi-AZ instance failover started")
    world.forward(600)
    assert instance(world, "orders-primary")["AvailabilityZone"] != before


def test_what_a_scenario_refuses_is_refused_in_its_words_and_does_not_begin(otherwise: Emulating) -> None:
    with pytest.raises(ClientError) as caught:
        otherwise.client("rds").reboot_db_instance(DBInstanceIdentifier="customers", ForceFailover=True)
    assert code(caught.value) == "InvalidDBInstanceState"
    assert caught.value.response["Error"]["Message"] == "A failover of customers is not possible now."
    assert instance(otherwise, "customers")["DBInstanceStatus"] == "available"
    test = otherwise.client("elasticache").test_failover
    said = {"ReplicationGroupId": "sessions", "NodeGroupId": "0001"}
    assert refused(test, **said) == "TestFailoverNotAvailableFault"
    assert group(otherwise)["Status"] == "available"


def test_one_that_is_accepted_and_not_attempted_changes_nothing(otherwise: Emulating) -> None:
    world, before = otherwise, instance(otherwise, "billing")["AvailabilityZone"]
    world.client("rds").reboot_db_instance(DBInstanceIdentifier="billing", ForceFailover=True)
    world.forward(600)
    now = instance(world, "billing")
    assert (now["DBInstanceStatus"], now["AvailabilityZone"]) == ("available", before)
    told = world.client("rds").describe_events(SourceIdentifier="billing", SourceType="db-instance", Duration=20)
    (only,) = told["Events"]
    assert "not attempting a requested failover because a failover recently occurred" in only["Message"]


def test_a_cluster_that_never_ends_is_failing_over_for_days(otherwise: Emulating) -> None:
    world, rds = otherwise, otherwise.client("rds")
    rds.failover_db_cluster(DBClusterIdentifier="catalogue", TargetDBInstanceIdentifier="catalogue-2")
    world.forward(86_400)
    (told,) = rds.describe_db_clusters(DBClusterIdentifier="catalogue")["DBClusters"]
    writers = [each["DBInstanceIdentifier"] for each in told["DBClusterMembers"] if each["IsClusterWriter"]]
    assert (told["Status"], writers) == ("failing-over", ["catalogue-1"])
