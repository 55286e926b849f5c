"""CloudTrail, asked what was done: the newest first, and nothing of the last two minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from console.demo.emulator.lists import number
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.trail import Event
from console.demo.emulator.world import Operation, World

LATE_S = 120.0  # of the estate's time, until an event is told; AWS promises fifteen minutes and usually takes five
KEPT_S = 90 * 86_400.0
MOST = 50
TYPES = {  # by the parameter that names one, as the trail spells it
    "dBInstanceIdentifier": "AWS::RDS::DBInstance",
    "dBClusterIdentifier": "AWS::RDS::DBCluster",
    "dBSnapshotIdentifier": "AWS::RDS::DBSnapshot",
    "dBClusterSnapshotIdentifier": "AWS::RDS::DBClusterSnapshot",
    "cacheClusterId": "AWS::ElastiCache::CacheCluster",
    "replicationGroupId": "AWS::ElastiCache::ReplicationGroup",
    "snapshotName": "AWS::ElastiCache::Snapshot",
    "tableName": "AWS::DynamoDB::Table",
    "roleArn": "AWS::IAM::Role",
    "name": "AWS::SSM::Parameter",
}
ATTRIBUTES: Mapping[str, Callable[[Event], set[str]]] = {
    "EventId": lambda event: {event["eventID"]},
    "EventName": lambda event: {event["eventName"]},
    "ReadOnly": lambda event: {str(event["readOnly"]).lower()},
    "Username": lambda event: {username(event)},
    "ResourceType": lambda event: {each["ResourceType"] for each in resources(event)},
    "ResourceName": lambda event: {each["ResourceName"] for each in resources(event)},
    "EventSource": lambda event: {event["eventSource"]},
    "AccessKeyId": lambda event: {event["userIdentity"]["accessKeyId"]},
}


def lookup_events(world: World, said: dict[str, Any]) -> dict[str, Any]:
    since, until = _window(world, said)
    is_meant = _chosen(said)
    found = [
        (t, event)
        for event in world.account.trail.events()
        if event["awsRegion"] == world.region and since <= (t := _time(event["eventTime"])) <= until and is_meant(event)
    ]
    found = sorted(found, key=lambda each: each[0])[::-1]
    begin = _token(said)
    count = number(said, "MaxResults", MOST, least=1, most=MOST, code="InvalidMaxResultsException")
    shown = found[begin : begin + count]
    more = {"NextToken": str(begin + count)} if begin + count < len(found) else {}
    return {"Events": [_told(*each) for each in shown]} | more


def _told(t: float, event: Event) -> dict[str, Any]:
    return {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "ReadOnly": str(event["readOnly"]).lower(),
        "AccessKeyId": event["userIdentity"]["accessKeyId"],
        "EventTime": t,
        "EventSource": event["eventSource"],
        "Username": username(event),
        "Resources": list(resources(event)),
        "CloudTrailEvent": orjson.dumps(event).decode(),
    }


def username(event: Event) -> str:
    """Of a role's session it is the name of the session."""
    return str(event["userIdentity"]["arn"]).rpartition("/")[2]


def resources(event: Event) -> Iterator[dict[str, str]]:
    said = event["requestParameters"] or {}
    for name, kind in TYPES.items():
        if isinstance(said.get(name), str):
            yield {"ResourceType": kind, "ResourceName": said[name]}
    if key := ((event["responseElements"] or {}).get("credentials") or {}).get("accessKeyId"):
        yield {"ResourceType": "AWS::IAM::AccessKey", "ResourceName": key}


def _chosen(said: dict[str, Any]) -> Callable[[Event], bool]:
    """AWS takes one attribute at a time."""
    given = said.get("LookupAttributes") or []
    is_one = isinstance(given, list) and len(given) <= 1 and all(isinstance(each, dict) for each in given)
    if not is_one or any(each.get("AttributeKey") not in ATTRIBUTES for each in given):
        text = f"LookupAttributes has one attribute, which is one of {', '.join(ATTRIBUTES)}."
        raise Refused("InvalidLookupAttributesException", text)
    if not given:
        return lambda event: True
    of, value = ATTRIBUTES[given[0]["AttributeKey"]], given[0].get("AttributeValue")
    return lambda event: value in of(event)


def _window(world: World, said: dict[str, Any]) -> tuple[float, float]:
    try:
        since, until = (float(said.get(name, usual)) for name, usual in (("StartTime", 0), ("EndTime", world.t)))
    except (TypeError, ValueError):
        raise Refused("InvalidTimeRangeException", "StartTime or EndTime is no time.") from None
    if not since <= until:
        raise Refused("InvalidTimeRangeException", "The start time must come before the end time.")
    return max(since, world.t - KEPT_S), min(until, world.t - LATE_S)


def _token(said: dict[str, Any]) -> int:
    token = str(said.get("NextToken") or "0")
    if not (token.isascii() and token.isdigit() and len(token) < 9):
        raise Refused("InvalidNextTokenException", "The NextToken is not one that was given.")
    return int(token)


def _time(said: str) -> float:
    return datetime.fromisoformat(said).replace(tzinfo=UTC).timestamp()


OPERATIONS: Mapping[str, Operation] = {"LookupEvents": lookup_events}
