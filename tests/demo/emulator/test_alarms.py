"""DescribeAlarms: states that follow from the metrics, as CloudWatch would tell them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from collectors.readings import ResourceId
from console.demo.emulator.alarm_rules import Rule, reason, state
from console.demo.emulator.alarms import Alarms
from console.demo.emulator.metric_series import Points, appears_at
from console.demo.metrics import Numbers
from console.demo.model import Model
from tests.demo.emulator.cloudwatch_answering import MINUTE_NOW, NOW, Answering, answering, named

TROUBLE = MINUTE_NOW - 40 * 60  # since when billing's processors are busy
SILENCE = MINUTE_NOW - 10 * 60  # since when customers tells nothing


class Troubled(Model):
    """The estate with two machines in trouble."""

    def metrics(self, about: ResourceId, t: float) -> Numbers:
        numbers = super().metrics(about, t)
        if about == "billing" and t >= TROUBLE:
            numbers["CPUUtilization"] = 93.5
        if about == "customers" and t >= SILENCE:
            numbers |= dict.fromkeys(numbers)
        return numbers


@pytest.fixture(scope="module")
def served() -> Iterator[Answering]:
    with answering(Troubled(7, NOW - 3600)) as world:
        yield world


@pytest.fixture
def world(served: Answering) -> Answering:
    served.now = NOW
    return served


def describe(world: Answering, **filters: Any) -> dict[str, Any]:
    client = world.client()
    found: dict[str, Any] = client.describe_alarms(**filters)
    return found


def one(world: Answering, name: str) -> dict[str, Any]:
    alarms: list[dict[str, Any]] = describe(world, AlarmNames=[name])["MetricAlarms"]
    return alarms[0]


def test_what_is_beyond_its_threshold_is_in_alarm_since_it_was_seen(world: Answering) -> None:
    alarm = one(world, "billing-cpu")
    since = alarm["StateUpdatedTimestamp"].timestamp()
    assert alarm["StateValue"] == "ALARM"
    assert since == math.ceil(appears_at(named("billing"), TROUBLE + 240) / 60) * 60  # when the fifth could be read
    assert alarm["StateReason"].startswith("Threshold Crossed: 5 out of the last 5 datapoints [93.5 (21/11/26 ")
    assert "were greater than the threshold (80.0) (minimum 5 datapoints for OK -> ALARM" in alarm["StateReason"]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/RDS", "CPUUtilization", "Average")
    assert alarm["Dimensions"] == [{"Name": "DBInstanceIdentifier", "Value": "billing"}]
    assert (alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"]) == (80.0, 60, 5)
    assert alarm["AlarmArn"] == "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:billing-cpu"


def test_the_time_of_a_state_does_not_depend_on_who_asked_before(world: Answering) -> None:
    names = ["billing-cpu", "customers-cpu", "orders-primary-cpu"]
    for later in range(0, 1200, 240):
        world.now = NOW + later
        asked_before = describe(world, AlarmNames=names)
        alone = Alarms(Points(world.model)).answer({"AlarmNames": names}, world.now, int)
        told = {
            a["AlarmName"]: (a["StateValue"], int(a["StateUpdatedTimestamp"].timestamp()))
            for a in asked_before["MetricAlarms"]
        }
        assert told == {a["AlarmName"]: (a["StateValue"], a["StateUpdatedTimestamp"]) for a in alone["MetricAlarms"]}


def test_no_alarm_comes_before_its_points_can_be_read() -> None:
    for trouble in range(MINUTE_NOW, MINUTE_NOW + 1200, 60):

        class Busy(Model):
            def metrics(self, about: ResourceId, t: float, since: int = trouble) -> Numbers:
                return super().metrics(about, t) | ({"CPUUtilization": 99.0} if t >= since else {})

        alarms = Alarms(Points(Busy(7, NOW - 3600)))
        fifth = appears_at(named("billing"), trouble + 240)
        for at in range(trouble + 300, trouble + 600, 60):
            asked = {"AlarmNames": ["billing-cpu"], "StateValue": "ALARM"}
            assert bool(alarms.answer(asked, at, int)["MetricAlarms"]) == (at >= fifth)


def test_an_alarm_comes_when_the_points_do(world: Answering) -> None:
    since = one(world, "billing-cpu")["StateUpdatedTimestamp"].timestamp()
    world.now = since - 1
    assert one(world, "billing-cpu")["StateValue"] == "OK"
    world.now = since
    assert one(world, "billing-cpu")["StateValue"] == "ALARM"


def test_what_tells_nothing_has_insufficient_data(world: Answering) -> None:
    alarm = one(world, "customers-cpu")
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"
    assert alarm["StateReason"] == "Insufficient Data: 5 datapoints were unknown."


def test_no_refused_writes_are_good_news(world: Answering) -> None:
    alarm = one(world, "carts-throttled")
    assert alarm["StateValue"] == "OK"
    assert "treated as [NonBreaching]" in alarm["StateReason"]


def test_only_alarms_that_are_apt_are_kept(world: Answering) -> None:
    names = {a["AlarmName"] for a in describe(world, MaxRecords=100)["MetricAlarms"]}
    assert {"billing-burst", "orders-replica-1-lag", "catalogue-2-lag", "sessions-001-memory"} <= names
    assert not {"orders-primary-burst", "orders-primary-lag", "catalogue-1-storage", "carts-cpu"} & names


def test_alarms_are_filtered(world: Answering) -> None:
    def names(**filters: Any) -> set[str]:
        found = describe(world, **filters)
        return {a["AlarmName"] for group in ("MetricAlarms", "CompositeAlarms") for a in found[group]}

    silent = {"customers-cpu", "customers-storage"}
    assert names(StateValue="ALARM") == {"billing-cpu"}
    assert names(StateValue="INSUFFICIENT_DATA") == silent
    assert names(AlarmNamePrefix="customers-") == silent
    assert names(AlarmNames=["billing-cpu", "nobody"]) == {"billing-cpu"}
    assert names(AlarmTypes=["CompositeAlarm"]) == {"orders-unwell"}
    assert names(ActionPrefix="arn:aws:lambda") == set()
    assert "orders-primary-cpu" in names(ChildrenOfAlarmName="orders-unwell")
    parents = names(ParentsOfAlarmName="orders-primary-cpu", AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    assert parents == {"orders-unwell"}


def test_pages_give_each_alarm_once(world: Answering) -> None:
    client = world.client()
    pages = list(
        client.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"], MaxRecords=4)
    )
    names = [a["AlarmName"] for page in pages for a in [*page["MetricAlarms"], *page["CompositeAlarms"]]]
    assert len(names) == len(set(names)) > 20
    assert all(len(page["MetricAlarms"]) + len(page["CompositeAlarms"]) <= 4 for page in pages)
    assert names[-1] == "orders-unwell"


@pytest.mark.parametrize(
    "asked", [{"AlarmNames": ["a"], "AlarmNamePrefix": "b"}, {"StateValue": "BAD"}, {"NextToken": "%%"}]
)
def test_what_aws_would_refuse_is_refused(world: Answering, asked: dict[str, Any]) -> None:
    with pytest.raises(ClientError):
        describe(world, **asked)


def test_one_alarm_watches_a_whole_application() -> None:
    class Busy(Model):
        def metrics(self, about: ResourceId, t: float) -> Numbers:
            return super().metrics(about, t) | ({"CPUUtilization": 99.0} if about == "orders-primary" else {})

    def composite(model: Model) -> dict[str, Any]:
        found: dict[str, Any] = Alarms(Points(model)).answer({"AlarmTypes": ["CompositeAlarm"]}, NOW, int)
        alarms: list[dict[str, Any]] = found["CompositeAlarms"]
        return alarms[0]

    assert composite(Model(7, NOW - 3600))["StateValue"] == "OK"
    busy = composite(Busy(7, NOW - 3600))
    assert busy["StateValue"] == "ALARM"
    assert 'ALARM("orders-primary-cpu") OR' in busy["AlarmRule"]
    assert busy["StateReason"].startswith(
        "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders-primary-cpu transitioned to"
    )


VALUE = st.one_of(st.just(math.nan), st.floats(0, 100))


@given(st.lists(VALUE, min_size=5, max_size=5), st.integers(1, 5), st.sampled_from(["missing", "notBreaching"]))
def test_m_of_n_and_never_an_alarm_of_nothing(values: list[float], wanted: int, missing: str) -> None:
    rule = Rule("r", named("billing"), "X", "Average", "GreaterThanThreshold", 80, wanted, 5, "", missing)
    told = state(rule, values)
    bad = [v for v in values if v > 80]
    assert (told == "ALARM") == (len(bad) >= wanted)
    assert (told == "INSUFFICIENT_DATA") == (missing == "missing" and all(map(math.isnan, values)))
    assert reason(rule, told, [("at", v) for v in values])


def test_a_time_is_in_utc(world: Answering) -> None:
    assert one(world, "billing-cpu")["StateUpdatedTimestamp"].utcoffset() == datetime.now(UTC).utcoffset()
