"""What CloudTrail tells of what was done, and when it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from console.demo.emulator.cloudtrail import LATE_S
from tests.demo.emulator.emulating import Emulating, code, emulating


@pytest.fixture(scope="module")
def served() -> Iterator[Emulating]:
    with emulating(role="operator") as world:
        yield world


@pytest.fixture
def world(served: Emulating) -> Emulating:
    served.forward(3600)
    return served


def looked_up(world: Emulating, key: str = "", value: str = "", **more: Any) -> list[Any]:
    asked = {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]} if key else {}
    since = world.now - timedelta(minutes=30)
    trail = world.client("cloudtrail", role="")
    return list(trail.lookup_events(**{"StartTime": since, "EndTime": world.now, **asked, **more})["Events"])


def test_a_snapshot_is_told_after_a_while_as_aws_tells_it(world: Emulating) -> None:
    rds = world.client_of(world.assumed("dbconsole-operator", "dbconsole-ann-01J", SourceIdentity="ann"), "rds")
    rds.meta.config.user_agent_extra = "dbconsole"
    tags = [{"Key": "op_id", "Value": "01J"}]
    answer = rds.create_db_snapshot(DBSnapshotIdentifier="told", DBInstanceIdentifier="billing", Tags=tags)
    begun = world.now
    world.forward(LATE_S - 1)
    assert looked_up(world, "ResourceName", "told") == []
    world.forward(2)
    (event,) = looked_up(world, "ResourceName", "told")
    assert (event["EventName"], event["EventSource"], event["ReadOnly"]) == (
        "CreateDBSnapshot", "rds.amazonaws.com", "false",
    )  # fmt: skip
    assert (event["Username"], event["EventTime"]) == ("dbconsole-ann-01J", begun)
    assert {each["ResourceName"] for each in event["Resources"]} == {"told", "billing"}
    told = json.loads(event["CloudTrailEvent"])
    assert told["requestID"] == answer["ResponseMetadata"]["RequestId"]
    identity = told["userIdentity"]
    assert identity["arn"].endswith(":assumed-role/dbconsole-operator/dbconsole-ann-01J")
    assert (identity["type"], identity["sessionContext"]["sourceIdentity"]) == ("AssumedRole", "ann")
    assert told["requestParameters"] == {
        "dBSnapshotIdentifier": "told",
        "dBInstanceIdentifier": "billing",
        "tags": [{"key": "op_id", "value": "01J"}],
    }
    assert told["responseElements"]["dBSnapshot"]["status"] == "creating"
    assert (told["eventTime"], told["readOnly"]) == (f"{begun:%Y-%m-%dT%H:%M:%SZ}", False)
    assert (told["sourceIPAddress"], "Boto3" in told["userAgent"]) == ("127.0.0.1", True)
    assert "errorCode" not in told


@pytest.mark.parametrize(("role", "spelt"), [("", "AccessDenied"), (None, "DBInstanceNotFound")])
def test_what_was_refused_is_told_too(world: Emulating, role: str | None, spelt: str) -> None:
    rds, name = world.client("rds", role=role), f"refused-{spelt}"
    with pytest.raises(ClientError) as caught:
        rds.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier="nobody")
    world.forward(200)
    (event,) = looked_up(world, "ResourceName", name)
    told = json.loads(event["CloudTrailEvent"])
    assert (told["errorCode"], told["errorMessage"]) == (spelt, caught.value.response["Error"]["Message"])
    assert told["responseElements"] is None
    assert told["requestID"] == caught.value.response["ResponseMetadata"]["RequestId"]


def test_who_took_on_a_role_is_told_without_the_secret(world: Emulating) -> None:
    world.assumed("dbconsole-operator", "somebody")
    world.forward(200)
    event = looked_up(world, "EventName", "AssumeRole")[0]
    told = json.loads(event["CloudTrailEvent"])
    assert (event["Username"], told["requestParameters"]["roleSessionName"]) == ("demo", "somebody")
    credentials = told["responseElements"]["credentials"]
    assert set(credentials) == {"accessKeyId", "sessionToken", "expiration"}
    assert credentials["accessKeyId"] in {each["ResourceName"] for each in event["Resources"]}
    by_key = looked_up(world, "ResourceName", credentials["accessKeyId"])
    assert [each["EventId"] for each in by_key] == [event["EventId"]]


def test_reads_are_not_told(world: Emulating) -> None:
    world.client("rds").describe_db_instances()
    world.client("sts").get_caller_identity()
    looked_up(world)
    world.forward(200)
    assert looked_up(world) == []


def test_the_newest_comes_first_page_by_page_and_by_one_attribute(world: Emulating) -> None:
    dynamodb, names = world.client("dynamodb"), [f"page-{n}" for n in range(5)]
    for name in names:
        dynamodb.create_backup(TableName="carts", BackupName=name)
        world.forward(90)
    world.forward(200)
    pages = list(
        world.client("cloudtrail", role="")
        .get_paginator("lookup_events")
        .paginate(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateBackup"}],
            StartTime=world.now - timedelta(minutes=30),
            PaginationConfig={"PageSize": 2},
        )
    )
    found = [json.loads(e["CloudTrailEvent"])["requestParameters"]["backupName"] for p in pages for e in p["Events"]]
    assert found == names[::-1]
    assert [len(page["Events"]) for page in pages] == [2, 2, 1]
    one = pages[0]["Events"][1]
    assert [e["EventId"] for e in looked_up(world, "EventId", one["EventId"])] == [one["EventId"]]
    at = one["EventTime"]
    assert [e["EventId"] for e in looked_up(world, StartTime=at, EndTime=at)] == [one["EventId"]]
    assert looked_up(world, "Username", "nobody") == []


def test_another_region_has_its_own(world: Emulating) -> None:
    world.client("dynamodb").create_backup(TableName="carts", BackupName="here")
    world.forward(200)
    assert looked_up(world)
    elsewhere = world.client("cloudtrail", "us-east-1", role="")
    assert elsewhere.lookup_events(StartTime=world.now - timedelta(minutes=30))["Events"] == []


def test_what_cannot_be_looked_up(world: Emulating) -> None:
    trail = world.client("cloudtrail", role="")
    two = [{"AttributeKey": "EventName", "AttributeValue": n} for n in ("a", "b")]
    with pytest.raises(trail.exceptions.InvalidLookupAttributesException):
        trail.lookup_events(LookupAttributes=two)
    with pytest.raises(trail.exceptions.InvalidTimeRangeException):
        trail.lookup_events(StartTime=world.now, EndTime=world.now - timedelta(hours=1))
    with pytest.raises(trail.exceptions.InvalidNextTokenException):
        trail.lookup_events(NextToken="soon")
    with pytest.raises(ClientError) as caught:
        world.client_of(world.session("x", "y"), "cloudtrail").lookup_events(NextToken="-1")
    assert code(caught.value) == "InvalidNextTokenException"
