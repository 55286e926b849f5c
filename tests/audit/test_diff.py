"""AWS's own account of what was changed is held against ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.errors import Throttled
from console.audit.cloudtrail import OfReaders, regions, span
from console.audit.diff import Difference, compare, role_of, trailed
from console.audit.read import records
from console.audit.record import Event, Record
from tests.audit.keeping import ALICE, BEGIN, RESOURCE, kept
from tests.collectors.aws.asked import ABROAD, HOME, ByHand

A, B, C = (f"01M7ZZ000000000000000000{letter * 2}" for letter in "ABC")
ACCOUNT = "arn:aws:sts::111122223333:assumed-role"


def event(
    session: str, name: str = "CreateDBSnapshot", role: str = "dbconsole-operator", **more: Any
) -> dict[str, Any]:
    told = {
        "eventSource": "rds.amazonaws.com",
        "requestID": more.pop("request", "r-0"),
        "userIdentity": {"type": "AssumedRole", "arn": f"{ACCOUNT}/{role}/{session}"},
        "errorCode": more.pop("error", ""),
    }
    return {
        "EventTime": datetime(2026, 11, 21, 0, 25, tzinfo=UTC),
        "EventName": name,
        "EventSource": "rds.amazonaws.com",
        "ReadOnly": "false",
        "Username": session,
        "Resources": [{"ResourceType": "AWS::RDS::DBInstance", "ResourceName": "orders-primary"}],
        "CloudTrailEvent": json.dumps(told),
        **more,
    }


@pytest.fixture
def ours(tmp_path: Path) -> list[Record]:
    """One action with its own session, one with the caller's, and one that was refused before it was sent."""
    with kept(tmp_path / "audit") as trail:
        trail.write(Event.SENT, op=A, res=RESOURCE)
        trail.write(Event.ACCEPTED, op=A, res=RESOURCE, data={"request_id": "r-1"})
        trail.write(Event.SENT, op=B, res="arn:aws:elasticache:us-east-1:111122223333:replicationgroup:sessions")
        trail.write(Event.ACCEPTED, op=B, data={"request_id": "r-2"})
        trail.write(Event.REFUSED, op=C, res=RESOURCE)
    return list(records(tmp_path / "audit"))


HERS, OWN = event(f"dbconsole-alice-{A}", request="r-1"), event("alice", request="r-2")


def of(ours: list[Record], *events: dict[str, Any]) -> Difference:
    return compare(ours, events)


def test_they_agree_by_the_session_s_name_and_by_the_request(ours: list[Record]) -> None:
    found = of(ours, HERS, OWN)
    assert found.agrees
    assert {op: [each.request_id for each in seen] for op, seen in found.matched.items()} == {A: ["r-1"], B: ["r-2"]}


def test_what_was_sent_and_aws_does_not_know_is_named(ours: list[Record]) -> None:
    assert of(ours, HERS).unseen == (B,)
    assert not of(ours, HERS).agrees
    assert of(ours).unseen == (A, B)


def test_what_aws_took_twice_is_named_and_what_it_refused_is_not_counted(ours: list[Record]) -> None:
    again = event(f"dbconsole-alice-{A}", request="r-9")
    assert of(ours, HERS, OWN, again).twice == (A,)
    failed = event(f"dbconsole-alice-{A}", request="r-9", error="AccessDenied")
    assert of(ours, HERS, OWN, failed).agrees


@pytest.mark.parametrize(
    ("passed_by", "is_ours"),
    [
        (event("mallory", "DeleteDBInstance", request="r-7"), True),
        (event("mallory", "DeleteDBInstance", "dbconsole-admin", request="r-7"), True),
        (event(f"dbconsole-bob-{C}", "DeleteDBInstance", "SomeRole", request="r-7"), True),
        (event("mallory", "DeleteDBInstance", "SomeRole", request="r-7"), False),
        (event("mallory", "DeleteDBInstance", "dbconsoles", request="r-7"), False),
        (event("mallory", "DescribeDBInstances", ReadOnly="true"), False),
        (event("mallory", "DescribeDBInstances", ReadOnly=None), False),
        (event("mallory", "DeleteDBInstance", ReadOnly=None), True),
        (event("mallory", "AssumeRole", EventSource="sts.amazonaws.com"), False),
    ],
)
def test_a_change_by_our_roles_that_no_record_tells_of_is_named(
    ours: list[Record], passed_by: dict[str, Any], is_ours: bool
) -> None:
    found = of(ours, HERS, OWN, passed_by).unrecorded
    assert [each.name for each in found] == ([passed_by["EventName"]] if is_ours else [])


def test_a_role_of_another_name_is_ours_once_a_record_was_written_under_it(tmp_path: Path) -> None:
    with kept(tmp_path / "audit") as trail:
        trail.who = ALICE.__class__(arn=f"{ACCOUNT}/DbaTeam/alice")
        trail.write(Event.NOTE)
    found = compare(records(tmp_path / "audit"), [event("bob", "DeleteDBInstance", "DbaTeam")])
    assert [each.session for each in found.unrecorded] == ["bob"]


def test_of_one_action_alone(ours: list[Record]) -> None:
    found = compare(ours, [HERS], only=A)
    assert (list(found.matched), found.unseen) == ([A], ())


@pytest.mark.parametrize(
    "spoiled", [{}, {"CloudTrailEvent": "{"}, {**HERS, "EventTime": "now"}, {**HERS, "Resources": 1}]
)
def test_what_is_not_understood_raises_nothing(spoiled: dict[str, Any]) -> None:
    trailed(spoiled)


def test_a_line_says_who_changed_what_and_is_safe() -> None:
    seen = trailed(event("mallory\x1b[31m", "DeleteDBInstance", error="AccessDenied", request="r-7"))
    assert seen is not None
    assert seen.line() == (
        "2026-11-21 00:25:00Z rds:DeleteDBInstance of orders-primary by "
        f"{ACCOUNT}/dbconsole-operator/mallory␛[31m (AccessDenied), request r-7"
    )


def test_the_role_of_an_arn() -> None:
    assert role_of(f"{ACCOUNT}/DbaTeam/alice") == "DbaTeam"
    assert role_of("arn:aws:iam::111122223333:user/alice") == ""
    assert role_of("") == ""


async def test_aws_is_asked_for_changes_alone_in_every_region_and_on_every_page(ours: list[Record]) -> None:
    one = ByHand({("cloudtrail", "LookupEvents"): [{"Events": [HERS]}, {"Events": [OWN]}]}, HOME)
    two = ByHand({("cloudtrail", "LookupEvents"): [{"Events": [event("bob")]}]}, ABROAD)
    wanted = span(ours)
    assert wanted is not None
    assert len(await OfReaders([one, two]).events(*wanted)) == 3
    (asked,) = one.asked
    assert asked[2] == {
        "StartTime": BEGIN + timedelta(seconds=1) - timedelta(minutes=5),
        "EndTime": ours[-1].at + timedelta(minutes=20),
        "LookupAttributes": [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}],
    }
    assert regions(ours) == ("eu-west-1", "us-east-1")


async def test_a_region_that_does_not_answer_is_not_taken_for_agreement(ours: list[Record]) -> None:
    one = ByHand({("cloudtrail", "LookupEvents"): [{"Events": [HERS]}]}, HOME)
    two = ByHand({("cloudtrail", "LookupEvents"): Throttled("Slower.")}, ABROAD)
    with pytest.raises(Throttled):
        await OfReaders([one, two]).events(BEGIN, BEGIN)


def test_nothing_is_asked_where_nothing_was_recorded() -> None:
    assert span([]) is None
