"""CloudWatch and the log in the emulator as the engine starts it: a process of its own, told the time by requests."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

import boto3
import pytest
from botocore.config import Config

from collectors.readings import ResourceId
from console.demo.emulator.launch import Emulator
from console.demo.model import Model
from console.demo.told import telling
from console.specs import Play
from tests.demo.emulator.cloudwatch_answering import named, query

START = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
BILLING: ResourceId = named("billing")


class Told:
    def __init__(self, emulator: Emulator) -> None:
        self.now = START
        self.endpoint = emulator.endpoint
        session = boto3.session.Session("AKIAEXAMPLE", "secret", region_name="eu-west-1")
        telling(lambda: self.now)(session._session)
        config = Config(retries={"total_max_attempts": 1, "mode": "standard"})
        self.cloudwatch = session.client("cloudwatch", endpoint_url=emulator.endpoint, config=config)

    def cpu(self) -> dict[float, float]:
        window = {"StartTime": self.now - timedelta(minutes=20), "EndTime": self.now}
        answer = self.cloudwatch.get_metric_data(MetricDataQueries=[query("CPUUtilization", BILLING)], **window)
        result = answer["MetricDataResults"][0]
        return {t.timestamp(): v for t, v in zip(result["Timestamps"], result["Values"], strict=True)}

    def log(self) -> dict[str, Any]:
        connection = HTTPConnection(self.endpoint.removeprefix("http://"))
        connection.request("GET", "/_demo/requests")
        found: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return found


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    play = Play("resilient-database", 1, 12, START, time.monotonic(), 0.0)
    emulator = Emulator(play)
    try:
        made = Told(emulator)
        yield made
        made.cloudwatch.close()
    finally:
        emulator.close()


def test_another_process_tells_the_models_numbers(told: Told) -> None:
    model = Model(1, START.timestamp())
    found = told.cpu()
    assert len(found) in (18, 19)
    assert found == {t: model.metrics(BILLING, t + 30)["CPUUtilization"] for t in found}


def test_what_it_tells_moves_with_the_time_that_it_is_told(told: Told) -> None:
    before = told.cpu()
    told.now += timedelta(minutes=5)
    after = told.cpu()
    assert max(after) == max(before) + 300
    assert all(after[t] == before[t] for t in after.keys() & before.keys())


def test_its_log_knows_what_was_asked_and_when(told: Told) -> None:
    before = told.log()
    told.cpu()
    told.cloudwatch.describe_alarms()
    after = told.log()
    assert after["requests"] == before["requests"] + 2
    assert after["metrics"] == before["metrics"] + 1
    assert [(e["operation"], e["t"]) for e in after["last"][-2:]] == [
        ("GetMetricData", told.now.timestamp()),
        ("DescribeAlarms", told.now.timestamp()),
    ]
