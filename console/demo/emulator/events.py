"""Which events do RDS and ElastiCache tell of a window of time, and how does each of them file one?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from console.demo.emulator.lists import members, page
from console.demo.emulator.rds import arn_of
from console.demo.emulator.requests_form import Items, Refused
from console.demo.emulator.world import Operation, World
from console.demo.happenings import Happening

KEPT_S = 14 * 86_400.0
USUAL_MINUTES = 60
CACHE_TYPES = {"cache": "cache-cluster", "group": "replication-group"}
RDS_TYPES = {"instance": "db-instance", "cluster": "db-cluster"}
ALL_TYPES = {
    "rds": (
        "db-instance",
        "db-parameter-group",
        "db-security-group",
        "db-snapshot",
        "db-cluster",
        "db-cluster-snapshot",
        "custom-engine-version",
        "db-proxy",
        "blue-green-deployment",
        "db-shard-group",
        "zero-etl",
    ),
    "elasticache": (
        "cache-cluster",
        "cache-parameter-group",
        "cache-security-group",
        "cache-subnet-group",
        "replication-group",
        "serverless-cache",
        "serverless-cache-snapshot",
        "user",
        "user-group",
    ),
}
CATEGORIES = tuple(  # of RDS; the first that fits
    (re.compile(words, re.IGNORECASE), category)
    for words, category in (
        ("^restored from", "restoration"),
        ("failover", "failover"),
        ("back(ing )?up|snapshot", "backup"),
        ("restarted|shut ?down|rebooted", "availability"),
        ("storage (capacity|has been exhausted)|ran out of storage|low storage", "low storage"),
        ("recover", "recovery"),
        ("fail|could not|unable", "failure"),
        ("patch|maintenance", "maintenance"),
        ("replica", "read replica"),
        ("created", "creation"),
        ("deleted", "deletion"),
        ("parameter|modif|applied|class|scal", "configuration change"),
    )
)


def category(text: str) -> str:
    return next((category for words, category in CATEGORIES if words.search(text)), "notification")


def describe_rds_events(world: World, said: dict[str, Any]) -> dict[str, Any]:
    found = _asked(world, said, "rds", RDS_TYPES)
    if wanted := members(said.get("EventCategories"), "EventCategory"):
        found = [each for each in found if category(each.text) in wanted]
    shown, more = page(found, said, world.t)
    told = (
        {
            "SourceIdentifier": each.machine.id,
            "SourceType": RDS_TYPES[each.machine.kind],
            "Message": each.text,
            "EventCategories": Items("EventCategory", [category(each.text)]),
            "Date": world.time(each.t),
            "SourceArn": arn_of(each.machine),
        }
        for each in shown
    )
    return {"Events": Items("Event", told)} | more


def describe_cache_events(world: World, said: dict[str, Any]) -> dict[str, Any]:
    shown, more = page(_asked(world, said, "elasticache", CACHE_TYPES), said, world.t)
    told = (
        {
            "SourceIdentifier": _name(each),
            "SourceType": CACHE_TYPES[_kind(each)],
            "Message": each.text,
            "Date": world.time(each.t),
        }
        for each in shown
    )
    return {"Events": Items("Event", told)} | more


def _asked(world: World, said: dict[str, Any], teller: str, types: Mapping[str, str]) -> list[Happening]:
    wanted, name = said.get("SourceType"), said.get("SourceIdentifier")
    if name and not wanted:
        raise Refused("InvalidParameterCombination", "SourceType is needed with a SourceIdentifier.")
    if wanted not in (None, *ALL_TYPES[teller]):
        raise Refused("InvalidParameterValue", f"{wanted} is no SourceType. There are {', '.join(ALL_TYPES[teller])}.")
    kinds = {kind for kind, source_type in types.items() if wanted in (None, source_type)}
    happenings = world.happenings(*window(world, said))
    there = (each for each in happenings if each.source == teller and _kind(each) in kinds)
    return [each for each in there if name in (None, _name(each))]


def _kind(each: Happening) -> str:
    return "group" if each.of_group else each.machine.kind


def _name(each: Happening) -> str:
    return each.machine.cluster or each.machine.id if each.of_group else each.machine.id


def window(world: World, said: dict[str, Any]) -> tuple[float, float]:
    """After the first and up to the second, as the model counts. Asked for without times, it is the last hour."""
    try:
        until = _time(said["EndTime"]) if "EndTime" in said else world.t
        minutes = int(said.get("Duration", USUAL_MINUTES))
        since = _time(said["StartTime"]) if "StartTime" in said else until - 60 * minutes
    except (TypeError, ValueError):
        raise Refused("InvalidParameterValue", "StartTime, EndTime or Duration is no time.") from None
    if since > until:
        raise Refused("InvalidParameterCombination", "The start time must come before the end time.")
    return max(since - 1e-3, world.t - KEPT_S), min(until, world.t)  # the start itself belongs to it


def _time(said: Any) -> float:
    found = datetime.fromisoformat(str(said))
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


RDS: Mapping[str, Operation] = {"DescribeEvents": describe_rds_events}
ELASTICACHE: Mapping[str, Operation] = {"DescribeEvents": describe_cache_events}
