"""Instances and clusters as RDS describes them, through boto3, against the emulator's own process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.demo.emulator.cloudwatch_answering import named
from tests.demo.emulator.emulating import START, Emulating, code, emulating


@pytest.fixture(scope="module")
def served() -> Iterator[Emulating]:
    with emulating() as world:
        yield world


@pytest.fixture
def world(served: Emulating) -> Emulating:
    served.now = START
    return served


def instance(world: Emulating, name: str) -> Any:
    return world.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def test_every_instance_is_as_the_model_has_it(world: Emulating) -> None:
    told = {each["DBInstanceIdentifier"]: each for each in world.client("rds").describe_db_instances()["DBInstances"]}
    machines = {m.id: m for m in world.model.machines.values() if m.kind == "instance"}
    assert list(told) == sorted(machines)
    for name, machine in machines.items():
        said = told[name]
        assert (said["Engine"], said["EngineVersion"]) == (machine.engine, machine.version)
        assert said["DBInstanceClass"] == machine.klass
        assert said["DBInstanceStatus"] == world.model.status(name, world.t)
        assert said["AvailabilityZone"] == machine.az
        assert said.get("SecondaryAvailabilityZone") == machine.standby_az
        assert said["MultiAZ"] is (machine.standby_az is not None)
        assert said["AllocatedStorage"] == (world.model.allocated_gib(name, world.t) or 1)
        assert {tag["Key"]: tag["Value"] for tag in said["TagList"]} == {
            "app": machine.app,
            "estate": "resilient-database",
        }
        assert said["DBInstanceArn"] == f"arn:aws:rds:eu-west-1:111122223333:db:{name}"


def test_replicas_and_their_source_know_each_other(world: Emulating) -> None:
    source, replica = instance(world, "orders-primary"), instance(world, "orders-replica-1")
    assert source["ReadReplicaDBInstanceIdentifiers"] == ["orders-replica-1", "orders-replica-2"]
    assert "StatusInfos" not in source
    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == "orders-primary"
    assert replica["StatusInfos"] == [{"StatusType": "read replication", "Normal": True, "Status": "replicating"}]
    assert replica["BackupRetentionPeriod"] == 0
    assert "LatestRestorableTime" not in replica


def test_each_instance_has_an_identity_of_its_own(world: Emulating) -> None:
    told = world.client("rds").describe_db_instances()["DBInstances"]
    identities = {each["DbiResourceId"] for each in told}
    assert len(identities) == len(told)
    assert all(len(each) == len("db-") + 26 for each in identities)
    found = world.client("rds").describe_db_instances(
        Filters=[{"Name": "dbi-resource-id", "Values": [told[3]["DbiResourceId"]]}]
    )
    assert [each["DBInstanceIdentifier"] for each in found["DBInstances"]] == [told[3]["DBInstanceIdentifier"]]


def test_restorable_time_moves_in_steps(world: Emulating) -> None:
    seen = set()
    for _ in range(30):
        seen.add(instance(world, "customers")["LatestRestorableTime"])
        world.forward(30)
    assert sorted(seen) == [*sorted(seen)]
    assert 3 <= len(seen) <= 4  # of five minutes each
    assert all(moment.timestamp() % 300 == 0 for moment in seen)
    assert max(seen).timestamp() == world.model.plan(named("customers")).restorable_until(world.t - 30)


def test_at_night_it_is_backing_up(world: Emulating) -> None:
    day = int(world.t // 86_400)
    begins, ends = world.model.plan(named("customers")).night(day)
    statuses = []
    for t in (begins - 1, begins + 1, ends - 1, ends + 1):
        world.now = START
        world.forward(t - world.t)
        statuses.append(instance(world, "customers")["DBInstanceStatus"])
    assert statuses == ["available", "backing-up", "backing-up", "available"]


def test_a_cluster_has_its_members(world: Emulating) -> None:
    (cluster,) = world.client("rds").describe_db_clusters(DBClusterIdentifier="catalogue")["DBClusters"]
    assert {m["DBInstanceIdentifier"]: m["IsClusterWriter"] for m in cluster["DBClusterMembers"]} == {
        "catalogue-1": True,
        "catalogue-2": False,
    }
    assert cluster["AvailabilityZones"] == ["eu-west-1a", "eu-west-1b"]
    assert (cluster["Status"], cluster["BackupRetentionPeriod"], cluster["Port"]) == ("available", 7, 5432)
    assert instance(world, "catalogue-1")["DBClusterIdentifier"] == "catalogue"


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ([{"Name": "db-cluster-id", "Values": ["catalogue"]}], ["catalogue-1", "catalogue-2"]),
        ([{"Name": "db-instance-id", "Values": ["billing", "nobody"]}], ["billing"]),
        ([{"Name": "engine", "Values": ["aurora-postgresql"]}], ["catalogue-1", "catalogue-2"]),
        (
            [{"Name": "engine", "Values": ["sqlserver-se"]}, {"Name": "db-instance-id", "Values": ["catalogue-1"]}],
            [],
        ),
    ],
)
def test_filters_leave_what_fits_them_all(world: Emulating, filters: list[Any], names: list[str]) -> None:
    told = world.client("rds").describe_db_instances(Filters=filters)["DBInstances"]
    assert [each["DBInstanceIdentifier"] for each in told] == names


@pytest.mark.parametrize(
    ("operation", "asked", "refused"),
    [
        ("describe_db_instances", {"DBInstanceIdentifier": "nobody"}, "DBInstanceNotFound"),
        ("describe_db_clusters", {"DBClusterIdentifier": "nobody"}, "DBClusterNotFoundFault"),
        ("describe_db_instances", {"Filters": [{"Name": "colour", "Values": ["red"]}]}, "InvalidParameterValue"),
        ("describe_db_instances", {"MaxRecords": 19}, "InvalidParameterValue"),
        ("describe_db_instances", {"MaxRecords": 101}, "InvalidParameterValue"),
        ("describe_db_instances", {"Marker": "bm90IG1pbmU="}, "InvalidParameterValue"),
        ("describe_db_clusters", {"Marker": "%"}, "InvalidParameterValue"),
        ("list_tags_for_resource", {"ResourceName": "arn:aws:rds:eu-west-1:1:db:nobody"}, "DBInstanceNotFound"),
        ("list_tags_for_resource", {"ResourceName": "arn:aws:rds:eu-west-1:1:cluster:no"}, "DBClusterNotFoundFault"),
    ],
)
def test_what_aws_refuses_is_refused(world: Emulating, operation: str, asked: dict[str, Any], refused: str) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(world.client("rds"), operation)(**asked)
    assert code(caught.value) == refused


def test_an_error_is_the_exception_that_boto3_has_for_it(world: Emulating) -> None:
    rds = world.client("rds")
    with pytest.raises(rds.exceptions.DBInstanceNotFoundFault, match="DBInstance nobody not found"):
        rds.describe_db_instances(DBInstanceIdentifier="nobody")


def test_an_arn_is_as_good_as_a_name(world: Emulating) -> None:
    arn = instance(world, "billing")["DBInstanceArn"]
    assert instance(world, arn)["DBInstanceIdentifier"] == "billing"
    tags = world.client("rds").list_tags_for_resource(ResourceName=arn)["TagList"]
    assert tags == [{"Key": "app", "Value": "billing"}, {"Key": "estate", "Value": "resilient-database"}]


def test_another_region_has_none_of_it(world: Emulating) -> None:
    rds = world.client("rds", "us-east-1")
    assert rds.describe_db_instances()["DBInstances"] == []
    assert rds.describe_db_clusters()["DBClusters"] == []
