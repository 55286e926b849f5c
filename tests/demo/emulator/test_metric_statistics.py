"""GetMetricStatistics, which agrees with GetMetricData."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.demo.emulator.cloudwatch_answering import (
    MINUTE_NOW,
    NOW,
    Answering,
    answering,
    at,
    query,
    series,
)

HOUR = 3600


@pytest.fixture(scope="module")
def served() -> Iterator[Answering]:
    with answering() as world:
        yield world


@pytest.fixture
def world(served: Answering) -> Answering:
    served.now = NOW
    return served


def statistics(world: Answering, name: str = "CPUUtilization", **more: Any) -> Any:
    client = world.client()
    asked = {
        "Namespace": "AWS/RDS",
        "MetricName": name,
        "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": "billing"}],
        "StartTime": at(MINUTE_NOW - HOUR),
        "EndTime": at(MINUTE_NOW),
        "Period": 60,
        **more,
    }
    return client.get_metric_statistics(**asked)


def test_statistics_agree_with_the_data(world: Answering) -> None:
    told = statistics(world, Period=300, Statistics=["Average", "Maximum"])
    assert told["Label"] == "CPUUtilization"
    for stat in ("Average", "Maximum"):
        same = {d["Timestamp"].timestamp(): d[stat] for d in told["Datapoints"]}
        assert same == series(world, query("CPUUtilization", "billing", stat, period=300))
    assert {d["Unit"] for d in told["Datapoints"]} == {"Percent"}


def test_percentiles_agree_with_the_data(world: Answering) -> None:
    told = statistics(world, Period=300, ExtendedStatistics=["p90", "p99"])
    same = {d["Timestamp"].timestamp(): d["ExtendedStatistics"]["p90"] for d in told["Datapoints"]}
    assert same == series(world, query("CPUUtilization", "billing", "p90", period=300))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "InvalidParameterCombination"),
        ({"Statistics": ["p90"]}, "InvalidParameterValue"),
        ({"Statistics": ["Average"], "Period": 61}, "InvalidParameterValue"),
        ({"Statistics": ["Average"], "StartTime": at(NOW - 2 * 86_400)}, "InvalidParameterCombination"),
        ({"Statistics": ["Average"], "StartTime": at(NOW), "EndTime": at(NOW)}, "InvalidParameterValue"),
    ],
)
def test_statistics_that_aws_would_refuse_are_refused(world: Answering, more: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as caught:
        statistics(world, **more)
    assert caught.value.response["Error"]["Code"] == code


def test_statistics_of_what_nobody_publishes_are_empty(world: Answering) -> None:
    assert statistics(world, "Nonsense", Statistics=["Average"])["Datapoints"] == []
