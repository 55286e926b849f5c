"""The log of what reached the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from console.demo.emulator.requests_form import Answer, Asked, send
from console.demo.emulator.requests_log import Requests, charged
from tests.demo.emulator.cloudwatch_answering import MINUTE_NOW, Answering, Fault, answering, query


@pytest.fixture
def world() -> Iterator[Answering]:
    with answering() as served:
        yield served


def ask(world: Answering, n: int) -> None:
    client = world.client(patience=1)
    queries = [query("CPUUtilization", "billing", id_=f"q{k}") for k in range(n)]
    window = {
        "StartTime": datetime.fromtimestamp(MINUTE_NOW - 600, UTC),
        "EndTime": datetime.fromtimestamp(MINUTE_NOW, UTC),
    }
    client.get_metric_data(MetricDataQueries=queries, **window)


def test_each_request_is_counted_with_the_metrics_it_is_charged_for(world: Answering) -> None:
    ask(world, 3)
    ask(world, 2)
    client = world.client()
    client.describe_alarms()
    log = world.log()
    assert (log["requests"], log["metrics"]) == (3, 5)
    assert log["by_operation"] == {"cloudwatch:DescribeAlarms": 1, "cloudwatch:GetMetricData": 2}
    assert [(e["operation"], e["metrics"], e["status"]) for e in log["last"]] == [
        ("GetMetricData", 3, 200),
        ("GetMetricData", 2, 200),
        ("DescribeAlarms", 0, 200),
    ]
    assert {e["t"] for e in log["last"]} == {world.now}


@pytest.mark.parametrize(
    ("kind", "status"), [("refuse", None), ("drop", None), ("hang", None), ("throttle", 400), ("access-denied", 403)]
)
def test_a_request_that_a_fault_struck_is_counted_too(world: Answering, kind: str, status: int | None) -> None:
    world.faults = [Fault(kind)]
    with pytest.raises((ClientError, BotoCoreError)):
        ask(world, 4)
    log = world.log()
    assert (log["requests"], log["metrics"]) == (1, 4)
    assert log["last"][0]["status"] == status


def test_a_refused_question_is_counted(world: Answering) -> None:
    with pytest.raises(ClientError):
        ask(world, 501)
    assert (world.log()["metrics"], world.log()["last"][0]["status"]) == (501, 400)


def test_the_log_keeps_the_last_thousand_and_counts_on() -> None:
    requests = Requests(lambda: 5.0)
    app = requests.wrap(lambda environ, start: send(Answer(200, (), b""), start))
    for _ in range(1003):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "Action=A", "wsgi.input": BytesIO()}
        list(app(environ, lambda status, headers: None))
    document = requests.document()
    assert (document["requests"], len(document["last"])) == (1003, 1000)


def test_a_form_is_charged_for_its_metrics() -> None:
    form = "Action=GetMetricData&" + "&".join(
        f"MetricDataQueries.member.{n}.MetricStat.Metric.MetricName=CPUUtilization" for n in (1, 2, 3)
    )
    asked = Asked("cloudwatch", "eu-west-1", "GetMetricData", "query", "", form.encode())
    assert charged(asked) == 3


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b'{"MetricDataQueries": 5}', b'{"MetricDataQueries": [5]}'])
def test_what_is_no_question_is_charged_nothing(body: bytes) -> None:
    assert charged(Asked("cloudwatch", "eu-west-1", "GetMetricData", "json", "", body)) == 0
