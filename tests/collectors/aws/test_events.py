"""Events: each told once, about a resource of the estate, as bad as it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from collectors.aws.events import OVERLAP, Events, severity
from collectors.aws.known import Found, Known
from collectors.errors import Denied, Expired
from collectors.readings import Happened, Reading, ResourceId, Severity
from collectors.safe import Safe
from tests.collectors.aws.asked import HOME, NOW, Answers, ByHand, a_failing_pass, one_pass

RDS = ("rds", "DescribeEvents")
CACHES = ("elasticache", "DescribeEvents")
MINUTE = timedelta(minutes=1)


def found(kind: str, name: str, role: str = "") -> Found:
    return Found(ResourceId(Safe(f"id-of-{name}")), HOME, kind, "", name, "", "", (("Name", name),), role)


ESTATE = (
    found("instance", "orders"),
    found("cluster", "catalogue"),
    found("cache", "sessions-001", "replica"),
    found("cache", "sessions-002", "primary"),
)


def event(source: str, name: str, message: str = "It happened.", ago: timedelta = MINUTE, *categories: str) -> Any:
    told = {"SourceType": source, "SourceIdentifier": name, "Message": message, "Date": NOW - ago}
    return told | ({"EventCategories": list(categories)} if categories else {})


class Case:
    def __init__(self, answers: Answers, estate: tuple[Found, ...] = ESTATE) -> None:
        self.answers, self.now = answers, NOW
        self.known = Known()
        self.known.put(HOME, estate)
        self.reader = ByHand(answers)
        self.events = Events(lambda _: self.reader, self.known, lambda: self.now)

    def asked_since(self) -> list[timedelta]:
        return [self.now - asked["StartTime"] for _, _, asked in self.reader.asked]


def told(readings: list[Reading]) -> list[tuple[str, str, Severity, str]]:
    return [(each.about, each.text, each.severity, each.source) for each in readings if isinstance(each, Happened)]


async def test_each_event_is_about_its_resource_and_as_old_as_it_is() -> None:
    case = Case(
        {
            RDS: [{"Events": [event("db-instance", "orders", "Multi-AZ failover started.", MINUTE, "failover")]}, {}],
            CACHES: {"Events": [event("cache-cluster", "sessions-001", "Snapshot succeeded.")]},
        }
    )
    readings = await one_pass(case.events)
    assert told(readings) == [
        ("id-of-orders", "Multi-AZ failover started.", Severity.HIGH, "rds"),
        ("id-of-sessions-001", "Snapshot succeeded.", Severity.INFO, "elasticache"),
    ]
    assert [each.observed for each in readings] == [NOW - MINUTE] * 2


async def test_the_first_pass_asks_for_an_hour_and_the_next_since_the_last() -> None:
    case = Case({})
    await one_pass(case.events)
    assert case.asked_since() == [timedelta(hours=1)] * 2
    case.reader.asked.clear()
    case.now += MINUTE
    await one_pass(case.events)
    assert case.asked_since() == [OVERLAP + MINUTE] * 2


async def test_an_event_that_is_answered_again_is_told_once_and_a_late_one_still() -> None:
    first = event("db-instance", "orders", "Backing up.")
    late = event("db-instance", "orders", "Restarted.", timedelta(minutes=3))
    case = Case({RDS: {"Events": [first]}})
    assert len(await one_pass(case.events)) == 1
    case.now += MINUTE
    case.answers[RDS] = {"Events": [late, first]}
    assert [text for _, text, *_ in told(await one_pass(case.events))] == ["Restarted."]
    for _ in range(30):
        case.now += MINUTE
        case.answers[RDS] = {"Events": [each for each in (late, first) if each["Date"] >= case.now - OVERLAP - MINUTE]}
        assert await one_pass(case.events) == []


async def test_a_long_sleep_is_caught_up_as_far_as_aws_keeps_events() -> None:
    case = Case({})
    await one_pass(case.events)
    case.reader.asked.clear()
    case.now += timedelta(days=30)
    await one_pass(case.events)
    assert all(timedelta(days=13) < each < timedelta(days=14) for each in case.asked_since())


async def test_a_clock_that_was_set_back_never_asks_for_a_time_to_come() -> None:
    case = Case({})
    await one_pass(case.events)
    case.reader.asked.clear()
    case.now -= timedelta(hours=2)
    await one_pass(case.events)
    assert all(asked["StartTime"] < asked["EndTime"] for _, _, asked in case.reader.asked)


async def test_a_service_that_refuses_hides_no_event_of_the_other() -> None:
    refusal = Denied("It may not.", grant="rds:DescribeEvents")
    case = Case({RDS: refusal, CACHES: {"Events": [event("cache-cluster", "sessions-001")]}})
    readings, trouble = await a_failing_pass(case.events)
    assert (len(readings), trouble) == (1, refusal)


async def test_what_happened_while_nobody_could_ask_is_told_later() -> None:
    case = Case({})
    await one_pass(case.events)
    case.answers[RDS] = Expired("It ended.")
    for _ in range(20):
        case.now += MINUTE
        await a_failing_pass(case.events)
    case.answers[RDS] = {}
    case.reader.asked.clear()
    await one_pass(case.events)
    assert case.asked_since() == [OVERLAP + 20 * MINUTE] * 2


async def test_nothing_is_asked_before_any_resource_is_known() -> None:
    case = Case({RDS: {"Events": [event("db-instance", "orders")]}}, estate=())
    assert await one_pass(case.events) == []
    assert case.reader.asked == []
    case.known.put(HOME, ESTATE)
    assert len(await one_pass(case.events)) == 1


async def test_a_resource_that_becomes_known_brings_what_just_happened_to_it() -> None:
    case = Case({RDS: {"Events": [event("db-instance", "wages", "DB instance created", MINUTE, "creation")]}})
    assert await one_pass(case.events) == []
    case.known.put(HOME, (*ESTATE, found("instance", "wages")))
    assert told(await one_pass(case.events)) == [("id-of-wages", "DB instance created", Severity.INFO, "rds")]


@pytest.mark.parametrize(
    ("service", "source", "name", "about"),
    [
        (RDS, "db-instance", "orders", "orders"),
        (RDS, "db-instance", "Orders", "orders"),
        (RDS, "db-cluster", "catalogue", "catalogue"),
        (RDS, "db-snapshot", "rds:orders-2026-11-21-03-05", "orders"),
        (RDS, "db-cluster-snapshot", "rds:catalogue-2026-11-21-03-05", "catalogue"),
        (RDS, "db-snapshot", "before-the-release", None),
        (RDS, "db-instance", "catalogue", None),
        (RDS, "db-parameter-group", "orders", None),
        (CACHES, "cache-cluster", "sessions-001", "sessions-001"),
        (CACHES, "cache-cluster", "sessions-001.0001", "sessions-001"),
        (CACHES, "replication-group", "sessions", "sessions-002"),
        (CACHES, "replication-group", "carts", None),
    ],
)
async def test_whose_an_event_is(service: tuple[str, str], source: str, name: str, about: str | None) -> None:
    readings = await one_pass(Case({service: {"Events": [event(source, name)]}}).events)
    assert [each.about for each in readings] == ([f"id-of-{about}"] if about else [])


async def test_an_event_that_leaves_things_out_stops_no_other() -> None:
    odd = [{}, {"SourceType": "db-instance", "SourceIdentifier": "orders"}, None, {"Date": "yesterday"}]
    bare = {"SourceType": "db-instance", "SourceIdentifier": "orders", "Date": datetime(2026, 11, 21, 9)}
    readings = await one_pass(Case({RDS: {"Events": [*odd, bare]}}).events)
    assert told(readings) == [("id-of-orders", "", Severity.INFO, "rds")]
    assert readings[0].observed.utcoffset() == timedelta(0)


async def test_the_text_is_safe_to_show() -> None:
    case = Case({RDS: {"Events": [event("db-instance", "orders", "\x1b[2Jfailover")]}})
    assert [text for _, text, *_ in told(await one_pass(case.events))] == ["␛[2Jfailover"]


@pytest.mark.parametrize(
    ("message", "categories", "expected"),
    [
        ("", ("failover",), Severity.HIGH),
        ("", ("notification", "failure"), Severity.HIGH),
        ("", ("global-failover",), Severity.HIGH),
        ("", ("low storage",), Severity.WARNING),
        ("", ("deletion",), Severity.WARNING),
        ("", ("availability",), Severity.WARNING),
        ("Failover of the documentation", ("maintenance",), Severity.INFO),
        ("", ("something new",), Severity.INFO),
        ("Failover to replica node sessions-002 completed", (), Severity.HIGH),
        ("Cache node 0001 failed", (), Severity.HIGH),
        ("Finished recovery for cache nodes 0001", (), Severity.WARNING),
        ("Cache cluster created", (), Severity.INFO),
    ],
)
def test_how_bad_it_is(message: str, categories: tuple[str, ...], expected: Severity) -> None:
    assert severity(message, categories) is expected
