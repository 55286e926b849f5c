"""CloudWatch asked by forms, as older tools ask."""

from __future__ import annotations

import urllib.parse
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from http.client import HTTPConnection

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


def form(world: Answering, **fields: str) -> tuple[int, ET.Element]:
    fields = {"Version": "2010-08-01", **fields}
    connection = HTTPConnection("127.0.0.1", world.port)
    scope = "Credential=A/20261121/eu-west-1/monitoring/aws4_request, SignedHeaders=host, Signature=0"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"AWS4-HMAC-SHA256 {scope}"}
    connection.request("POST", "/", urllib.parse.urlencode(fields), headers)
    answer = connection.getresponse()
    status, tree = answer.status, ET.fromstring(answer.read())  # noqa: S314  # our own
    connection.close()
    for element in tree.iter():
        element.tag = element.tag.rpartition("}")[2]
    return status, tree


def test_the_query_protocol_tells_the_same(world: Answering) -> None:
    at_first = "MetricDataQueries.member.1."
    status, tree = form(
        world,
        Action="GetMetricData",
        StartTime=at(MINUTE_NOW - 600).isoformat().replace("+00:00", ""),
        EndTime=at(MINUTE_NOW).isoformat().replace("+00:00", "Z"),
        **{
            f"{at_first}Id": "q",
            f"{at_first}MetricStat.Metric.Namespace": "AWS/RDS",
            f"{at_first}MetricStat.Metric.MetricName": "CPUUtilization",
            f"{at_first}MetricStat.Metric.Dimensions.member.1.Name": "DBInstanceIdentifier",
            f"{at_first}MetricStat.Metric.Dimensions.member.1.Value": "billing",
            f"{at_first}MetricStat.Period": "60",
            f"{at_first}MetricStat.Stat": "Average",
            f"{at_first}ReturnData": "true",
        },
    )
    times = [datetime.fromisoformat(e.text or "") for e in tree.findall(".//Timestamps/member")]
    values = [float(e.text or "") for e in tree.findall(".//Values/member")]
    assert status == 200
    assert {t.timestamp(): v for t, v in zip(times, values, strict=True)} == series(
        world, query("CPUUtilization", "billing"), since=MINUTE_NOW - 600
    )


def test_a_form_of_many_queries_is_answered_in_their_order(world: Answering) -> None:
    fields: dict[str, str] = {}
    for n in range(1, 13):
        metric = f"MetricDataQueries.member.{n}.MetricStat."
        fields |= {f"MetricDataQueries.member.{n}.Id": f"q{n}", f"{metric}Period": "60", f"{metric}Stat": "Average"}
        fields |= {f"{metric}Metric.Namespace": "AWS/RDS", f"{metric}Metric.MetricName": "X"}
    window = {"StartTime": at(MINUTE_NOW - 600).isoformat(), "EndTime": at(MINUTE_NOW).isoformat()}
    _, tree = form(world, Action="GetMetricData", **window, **fields)
    assert [e.text for e in tree.findall(".//MetricDataResults/member/Id")] == [f"q{n}" for n in range(1, 13)]


def test_the_query_protocol_tells_percentiles_and_refusals(world: Answering) -> None:
    fields = {
        "Action": "GetMetricStatistics",
        "Namespace": "AWS/RDS",
        "MetricName": "CPUUtilization",
        "Dimensions.member.1.Name": "DBInstanceIdentifier",
        "Dimensions.member.1.Value": "billing",
        "StartTime": at(MINUTE_NOW - 600).isoformat(),
        "EndTime": at(MINUTE_NOW).isoformat(),
        "Period": "60",
    }
    status, tree = form(world, **fields, **{"ExtendedStatistics.member.1": "p99"})
    assert status == 200
    assert {e.text for e in tree.findall(".//ExtendedStatistics/entry/key")} == {"p99"}
    status, tree = form(world, **fields)
    assert (status, tree.findtext(".//Code")) == (400, "InvalidParameterCombination")
    assert "must be specified" in (tree.findtext(".//Message") or "")


def test_another_operation_is_passed_on(world: Answering) -> None:
    client = world.client()
    with pytest.raises(ClientError):
        client.list_dashboards()
    assert world.beyond
