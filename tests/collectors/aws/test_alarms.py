"""Alarms: whose they are, by dimension, expression and rule; and that there are none any more."""

from __future__ import annotations

from typing import Any

import pytest

from collectors.aws.alarms import AlarmStates, children
from collectors.aws.known import Found, Known
from collectors.errors import CannotCollect
from collectors.readings import Alarms, Reading, ResourceId
from collectors.safe import Safe
from tests.collectors.aws.asked import HOME, NOW, NUMBER, Answers, ByHand, a_failing_pass, one_pass

ALARMS = ("cloudwatch", "DescribeAlarms")


def found(about: str, namespace: str, *dimensions: tuple[str, str]) -> Found:
    arn = f"arn:aws:rds:eu-west-1:{NUMBER}:db:{about}"
    return Found(ResourceId(Safe(about)), HOME, "instance", "", about, arn, namespace, dimensions)


ORDERS = found("orders", "AWS/RDS", ("DBInstanceIdentifier", "orders"))
BILLING = found("billing", "AWS/RDS", ("DBInstanceIdentifier", "billing"))
SESSIONS = found("sessions-001", "AWS/ElastiCache", ("CacheClusterId", "sessions-001"), ("CacheNodeId", "0001"))
CARTS = found("carts", "AWS/DynamoDB", ("TableName", "carts"))
ESTATE = (ORDERS, BILLING, SESSIONS, CARTS)


def dimensions(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in pairs]


def metric(name: str, namespace: str, *pairs: tuple[str, str], state: str = "OK", **more: Any) -> dict[str, Any]:
    told = {"AlarmName": name, "StateValue": state, "StateReason": "So it is.", "StateTransitionedTimestamp": NOW}
    return told | {"MetricName": "CPUUtilization", "Namespace": namespace, "Dimensions": dimensions(*pairs)} | more


def composite(name: str, rule: str, state: str = "ALARM") -> dict[str, Any]:
    return {"AlarmName": name, "AlarmRule": rule, "StateValue": state}


def of_orders(name: str, **more: Any) -> dict[str, Any]:
    return metric(name, "AWS/RDS", ORDERS.dimensions[0], **more)


class Case:
    def __init__(self, answers: Answers, estate: tuple[Found, ...] = ESTATE) -> None:
        self.answers = answers
        self.known = Known()
        self.known.put(HOME, estate)
        self.reader = ByHand(answers)
        self.alarms = AlarmStates(lambda _: self.reader, self.known, lambda: NOW)


def names(readings: list[Reading]) -> dict[str, list[str]]:
    return {each.about: [row.name for row in each.rows] for each in readings if isinstance(each, Alarms)}


async def of(*metric_alarms: Any, composites: tuple[Any, ...] = ()) -> dict[str, list[str]]:
    """Of those that have any."""
    page = {"MetricAlarms": list(metric_alarms), "CompositeAlarms": list(composites)}
    return {about: rows for about, rows in names(await one_pass(Case({ALARMS: page}).alarms)).items() if rows}


async def test_an_alarm_is_told_as_aws_judges_it() -> None:
    readings = await one_pass(Case({ALARMS: {"MetricAlarms": [of_orders("orders-cpu", state="ALARM")]}}).alarms)
    row = next(each.rows[0] for each in readings if isinstance(each, Alarms) and each.about == "orders")
    assert (row.name, row.state, row.reason, row.metric) == ("orders-cpu", "ALARM", "So it is.", "CPUUtilization")
    assert row.since == NOW


@pytest.mark.parametrize(
    ("namespace", "pairs", "whose"),
    [
        ("AWS/RDS", [("DBInstanceIdentifier", "orders")], "orders"),
        ("AWS/ElastiCache", [("CacheClusterId", "sessions-001"), ("CacheNodeId", "0001")], "sessions-001"),
        ("AWS/ElastiCache", [("CacheClusterId", "sessions-001")], "sessions-001"),
        ("AWS/DynamoDB", [("TableName", "carts"), ("GlobalSecondaryIndexName", "by-user")], "carts"),
        ("AWS/Cassandra", [("TableName", "carts"), ("Keyspace", "shop")], None),
        ("Shop/Own", [("DBInstanceIdentifier", "orders"), ("Queue", "late")], "orders"),
        ("AWS/RDS", [("DBInstanceIdentifier", "ORDERS")], None),
        ("AWS/RDS", [("EngineName", "orders")], None),
        ("AWS/RDS", [], None),
    ],
)
async def test_whose_an_alarm_is(namespace: str, pairs: list[tuple[str, str]], whose: str | None) -> None:
    assert await of(metric("one", namespace, *pairs)) == ({whose: ["one"]} if whose else {})


def looks_at(*metrics: tuple[str, tuple[str, str]], account: str = "") -> dict[str, Any]:
    stats = [
        {"MetricStat": {"Metric": {"Namespace": "AWS/RDS", "MetricName": name, "Dimensions": dimensions(pair)}}}
        | ({"AccountId": account} if account else {})
        for name, pair in metrics
    ]
    expression = {"Id": "e1", "Expression": "m1 / m2"}
    return {"AlarmName": "math", "StateValue": "OK", "Metrics": [expression, *stats]}


async def test_an_expression_is_about_every_resource_that_it_reads() -> None:
    math = looks_at(("ReadIOPS", ORDERS.dimensions[0]), ("ReadIOPS", BILLING.dimensions[0]))
    page = {"MetricAlarms": [math | {"Metrics": [*math["Metrics"], {"MetricStat": None}, None]}]}
    readings = await one_pass(Case({ALARMS: page}).alarms)
    assert {about: rows for about, rows in names(readings).items() if rows} == {"orders": ["math"], "billing": ["math"]}
    assert [each.rows[0].metric for each in readings if isinstance(each, Alarms) and each.rows] == ["ReadIOPS"] * 2


async def test_a_metric_of_another_account_is_about_no_resource_of_this() -> None:
    assert await of(looks_at(("ReadIOPS", ORDERS.dimensions[0]), account="999900001111")) == {}
    assert await of(looks_at(("ReadIOPS", ORDERS.dimensions[0]), account=NUMBER)) == {"orders": ["math"]}


async def test_a_composite_alarm_is_about_all_that_its_children_are_about() -> None:
    rule = 'ALARM("orders-cpu") OR (NOT OK(sessions) AND ALARM("elsewhere"))'
    sessions = metric("sessions", "AWS/ElastiCache", SESSIONS.dimensions[0])
    assert await of(of_orders("orders-cpu"), sessions, composites=(composite("shop", rule),)) == {
        "orders": ["shop", "orders-cpu"],
        "sessions-001": ["shop", "sessions"],
    }


async def test_composite_alarms_over_composite_ones_and_in_a_circle() -> None:
    over = (
        composite("top", "ALARM(middle)"),
        composite("middle", "ALARM(bottom) OR ALARM(top)"),
        composite("bottom", "ALARM(orders-cpu) OR ALARM(bottom)"),
    )
    assert await of(of_orders("orders-cpu"), composites=over) == {"orders": ["bottom", "middle", "top", "orders-cpu"]}


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ('ALARM("a b (c)") AND NOT OK(d)', {"a b (c)", "d"}),
        ("ALARM( a ) or INSUFFICIENT_DATA('b')", {"a", "b"}),
        (f"ALARM(arn:aws:cloudwatch:eu-west-1:{NUMBER}:alarm:orders:cpu)", {"orders:cpu"}),
        (f'ALARM("arn:aws:cloudwatch:eu-west-1:{NUMBER}:alarm:orders")', {"orders"}),
        ('ALARM(\\"a\\")', {"a"}),
        ("TRUE OR FALSE", set()),
        ("", set()),
    ],
)
def test_which_alarms_a_rule_names(rule: str, named: set[str]) -> None:
    assert children(rule) == named


async def test_those_that_ring_come_first() -> None:
    rows = [of_orders("d"), of_orders("c", state="INSUFFICIENT_DATA"), of_orders("b", state="ALARM"), of_orders("a")]
    assert await of(*rows, of_orders("e", state="NEW")) == {"orders": ["b", "c", "a", "d", "e"]}


async def test_that_there_are_none_is_told_once_and_again_after_there_were() -> None:
    case = Case({}, estate=(ORDERS, CARTS))
    assert names(await one_pass(case.alarms)) == {"orders": [], "carts": []}
    assert await one_pass(case.alarms) == []
    case.answers[ALARMS] = {"MetricAlarms": [of_orders("cpu")]}
    for _ in range(2):
        assert names(await one_pass(case.alarms)) == {"orders": ["cpu"]}
    case.answers[ALARMS] = {}
    assert names(await one_pass(case.alarms)) == {"orders": []}
    assert await one_pass(case.alarms) == []


async def test_a_resource_that_comes_back_is_told_about_anew() -> None:
    case = Case({}, estate=(ORDERS,))
    await one_pass(case.alarms)
    case.known.put(HOME, (CARTS,))
    assert names(await one_pass(case.alarms)) == {"carts": []}
    case.known.put(HOME, (ORDERS,))
    assert names(await one_pass(case.alarms)) == {"orders": []}


async def test_all_pages_are_read_and_a_part_is_never_told_as_all() -> None:
    pages = [{"MetricAlarms": [of_orders("a")]}, {"MetricAlarms": [of_orders("b")], "CompositeAlarms": []}]
    case = Case({ALARMS: pages})
    assert names(await one_pass(case.alarms))["orders"] == ["a", "b"]
    case.answers[ALARMS] = [pages[0], CannotCollect("It was not answered.")]
    assert (await a_failing_pass(case.alarms))[0] == []


async def test_nothing_is_asked_before_any_resource_is_known() -> None:
    case = Case({}, estate=())
    assert await one_pass(case.alarms) == []
    assert case.reader.asked == []


async def test_an_alarm_that_leaves_things_out_stops_no_other() -> None:
    bare = {"Dimensions": dimensions(ORDERS.dimensions[0]), "Namespace": "AWS/RDS"}
    assert await of(bare, None, {}, bare | {"AlarmName": "bare"}, {"AlarmName": "odd", "Dimensions": "none"}) == {
        "orders": ["bare"]
    }


async def test_texts_are_safe_to_show() -> None:
    assert await of(of_orders("a\x1b[2J")) == {"orders": ["a␛[2J"]}
