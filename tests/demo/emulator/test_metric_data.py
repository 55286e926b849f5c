"""GetMetricData, GetMetricStatistics and ListMetrics, asked by boto3 and by the AWS CLI's older protocol."""

from __future__ import annotations

import math
import urllib.parse
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

import pytest
from botocore.exceptions import ClientError

from console.demo.emulator.list_metrics import Listing
from console.demo.emulator.metric_series import LATEST_S, OF_AN_OPERATION, Points, appears_at, dimensions, namespace
from console.demo.emulator.requests_form import Refused
from console.demo.inventory import MACHINES
from console.demo.model import Model
from tests.demo.emulator.cloudwatch_answering import MINUTE_NOW, NOW, Answering, answering, named, query

HOUR = 3600


@pytest.fixture(scope="module")
def served() -> Iterator[Answering]:
    with answering() as world:
        yield world


@pytest.fixture
def world(served: Answering) -> Answering:
    served.now = NOW
    return served


def at(t: float) -> datetime:
    return datetime.fromtimestamp(t, UTC)


def ask(world: Answering, *queries: dict[str, Any], since: float = MINUTE_NOW - HOUR, **more: Any) -> dict[str, Any]:
    client = world.client()
    asked = {"StartTime": at(since), "EndTime": at(MINUTE_NOW), **more}
    answer: dict[str, Any] = client.get_metric_data(MetricDataQueries=list(queries), **asked)
    return answer


def series(world: Answering, one: dict[str, Any], **more: Any) -> dict[float, float]:
    result = ask(world, one, **more)["MetricDataResults"][0]
    return {t.timestamp(): v for t, v in zip(result["Timestamps"], result["Values"], strict=True)}


def refused(world: Answering, *queries: dict[str, Any], **more: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        ask(world, *queries, **more)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def test_a_minute_is_the_models_number_of_that_minute(world: Answering) -> None:
    told = series(world, query("CPUUtilization", "orders-primary"))
    assert len(told) in (58, 59)
    for t, value in told.items():
        assert value == world.model.metrics(named("orders-primary"), t + 30)["CPUUtilization"]


def test_every_metric_of_every_machine_answers_under_its_own_dimensions(world: Answering) -> None:
    minute = MINUTE_NOW - 600
    queries: list[dict[str, Any]] = []
    expected: list[list[float]] = []
    for machine in world.model.machines.values():
        for name, value in world.model.metrics(machine.id, minute + 30).items():
            under = [{"Name": k, "Value": v} for k, v in dimensions(machine, name)]
            slow = (machine.kind == "table" and name.startswith("Provisioned")) or (
                name.startswith("Volume") and "IOPs" in name
            )
            if value is not None and not slow:
                queries.append(query(name, "", of=namespace(machine), under=under, id_=f"q{len(queries)}"))
                expected.append([value])
    answer = ask(world, *queries, since=minute, EndTime=at(minute + 60))
    assert len(queries) > 120
    assert [result["Values"] for result in answer["MetricDataResults"]] == expected
    assert {result["StatusCode"] for result in answer["MetricDataResults"]} == {"Complete"}
    assert any(q["MetricStat"]["Metric"]["MetricName"] in OF_AN_OPERATION for q in queries)


def test_what_is_told_every_five_minutes_comes_at_those(world: Answering) -> None:
    under = [{"Name": "DBClusterIdentifier", "Value": "catalogue"}]
    told = series(world, query("VolumeReadIOPs", "", "Sum", under=under))
    assert {t % 300 for t in told} == {0}
    assert all(v == world.model.metrics(named("catalogue"), t + 270)["VolumeReadIOPs"] for t, v in told.items())


def test_a_period_is_made_of_its_minutes(world: Answering) -> None:
    minutes = series(world, query("CacheHits", "", "Sum", of="AWS/ElastiCache", under=NODE))
    fives = series(world, query("CacheHits", "", "Sum", of="AWS/ElastiCache", under=NODE, period=300))
    averages = series(world, query("CPUUtilization", "billing", period=300))
    each = series(world, query("CPUUtilization", "billing"))
    for t in list(fives)[3:]:
        assert t % 300 == 0
        assert fives[t] == pytest.approx(sum(minutes[t + s] for s in range(0, 300, 60)))
        assert averages[t] == pytest.approx(sum(each[t + s] for s in range(0, 300, 60)) / 5)


NODE = [{"Name": "CacheClusterId", "Value": "sessions-001"}, {"Name": "CacheNodeId", "Value": "0001"}]


def test_the_start_belongs_to_the_window_and_the_end_does_not(world: Answering) -> None:
    start, end = MINUTE_NOW - 1200, MINUTE_NOW - 600
    told = series(world, query("CPUUtilization", "billing"), since=start + 42, EndTime=at(end))
    assert (min(told), max(told)) == (start, end - 60)  # a start within a minute is rounded down


def test_statistics_stand_in_their_order(world: Answering) -> None:
    names = ("Minimum", "p5", "Average", "TM(10%:90%)", "p99", "p99.9", "tm99", "Maximum", "IQM", "SampleCount", "Sum")
    queries = [query("CPUUtilization", "customers", s, period=300, id_=f"q{n}") for n, s in enumerate(names)]
    answer = ask(world, *queries, ScanBy="TimestampAscending")["MetricDataResults"]
    for values in zip(*(r["Values"] for r in answer), strict=True):
        told = dict(zip(names, values, strict=True))
        assert told["Minimum"] < told["Average"] < told["p99"] <= told["p99.9"] <= told["Maximum"] <= 100
        assert told["Minimum"] <= told["p5"] < told["IQM"] < told["Maximum"]
        assert told["Sum"] / told["SampleCount"] == pytest.approx(told["Average"])


def test_a_late_point_is_missing_and_then_there(world: Answering) -> None:
    machine, minute = named("reporting"), MINUTE_NOW - 180
    appears = appears_at(machine, minute)
    assert minute + 120 <= appears <= minute + 60 + LATEST_S
    world.now = appears - 0.01
    assert minute not in series(world, query("CPUUtilization", "reporting"))
    world.now = appears
    assert minute in series(world, query("CPUUtilization", "reporting"))


def test_points_come_at_times_of_their_own() -> None:
    delays = {round(appears_at(named("billing"), m) - m - 60) for m in range(MINUTE_NOW, MINUTE_NOW + HOUR, 60)}
    assert len(delays) > 10
    assert min(delays) >= 60
    assert max(delays) <= LATEST_S


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (query("CPUUtilization", "nobody"), "unknown instance"),
        (query("Nonsense", "billing"), "unknown metric"),
        (query("CPUUtilization", "billing", of="AWS/EC2"), "another namespace"),
        (query("CPUUtilization", "", under=[]), "no dimensions"),
        (query("EngineCPUUtilization", "", of="AWS/ElastiCache", under=NODE[:1]), "half of the dimensions"),
        (query("BurstBalance", "orders-primary"), "a metric of other volumes"),
        (query("SuccessfulRequestLatency", "", of="AWS/DynamoDB", under=[{"Name": "TableName", "Value": "carts"}]), ""),
    ],
)
def test_what_is_not_published_exactly_so_is_empty_and_complete(
    world: Answering, one: dict[str, Any], why: str
) -> None:
    result = ask(world, one)["MetricDataResults"][0]
    assert (result["Values"], result["StatusCode"]) == ([], "Complete"), why


def test_another_region_has_nothing_of_it(world: Answering) -> None:
    client = world.client(region="us-east-1")
    window = {"StartTime": at(MINUTE_NOW - HOUR), "EndTime": at(MINUTE_NOW)}
    told = client.get_metric_data(MetricDataQueries=[query("CPUUtilization", "billing")], **window)
    assert told["MetricDataResults"][0]["Values"] == []
    assert client.list_metrics()["Metrics"] == []
    assert client.describe_alarms()["MetricAlarms"] == []


def test_old_points_are_kept_in_longer_periods_only(world: Answering) -> None:
    since, until = MINUTE_NOW - 20 * 86_400, at(MINUTE_NOW - 20 * 86_400 + 7200)
    assert series(world, query("CPUUtilization", "billing"), since=since, EndTime=until) == {}
    assert series(world, query("CPUUtilization", "billing", period=300), since=since, EndTime=until)


def test_an_hour_is_about_its_minutes(world: Answering) -> None:
    since = MINUTE_NOW // HOUR * HOUR - 3 * HOUR
    hours = series(world, query("WriteThroughput", "orders-primary", period=HOUR), since=since)
    minutes = series(world, query("WriteThroughput", "orders-primary"), since=since)
    mean = sum(minutes[since + s] for s in range(0, HOUR, 60)) / 60
    assert hours[since] == pytest.approx(mean, rel=0.1)


def test_pages_give_all_of_it_once(world: Answering) -> None:
    queries = [
        query("CPUUtilization", name, id_=f"q{n}") for n, name in enumerate(("billing", "customers", "reporting"))
    ]
    whole = {r["Id"]: r["Values"] for r in ask(world, *queries)["MetricDataResults"]}
    found: dict[str, list[float]] = {q["Id"]: [] for q in queries}
    more: dict[str, Any] = {}
    pages = 0
    while True:
        answer = ask(world, *queries, MaxDatapoints=25, **more)
        pages += 1
        for result in answer["MetricDataResults"]:
            found[result["Id"]] += result["Values"]
        assert sum(len(r["Values"]) for r in answer["MetricDataResults"]) <= 25
        if "NextToken" not in answer:
            break
        assert answer["MetricDataResults"][-1]["StatusCode"] in ("PartialData", "Complete")
        more = {"NextToken": answer["NextToken"]}
    assert found == whole
    assert pages == math.ceil(sum(map(len, whole.values())) / 25)


def test_a_day_of_many_is_paged_at_what_a_call_may_hold(world: Answering) -> None:
    names = world.model.metrics(named("customers"), NOW)
    queries = [
        query(n, "customers", s, id_=f"{s.lower()}{n}") for n in list(names)[:12] for s in ("Average", "Maximum")
    ]
    answer = ask(world, *queries, since=MINUTE_NOW - 4 * 86_400)
    assert sum(len(r["Values"]) for r in answer["MetricDataResults"]) == 100_800
    assert answer["NextToken"]


def test_scanned_either_way(world: Answering) -> None:
    newest, oldest = (
        ask(world, query("CPUUtilization", "billing"), ScanBy=f"Timestamp{way}")["MetricDataResults"][0]
        for way in ("Descending", "Ascending")
    )
    assert newest["Values"] == oldest["Values"][::-1]
    assert newest["Timestamps"][0] > newest["Timestamps"][-1]


def test_labels_are_filled_in_and_what_is_not_returned_is_not(world: Answering) -> None:
    label = "${PROP('Dim.DBInstanceIdentifier')} ${PROP('Stat')} ${LAST}"
    hidden = query("CPUUtilization", "billing", id_="hidden", ReturnData=False)
    told = ask(world, query("CPUUtilization", "billing", Label=label), query("ReadIOPS", "billing", id_="r"), hidden)
    assert [r["Label"] for r in told["MetricDataResults"]] == ["billing Average ${LAST}", "ReadIOPS"]


def test_a_unit_that_is_not_its_own_finds_nothing(world: Answering) -> None:
    one = query("CPUUtilization", "billing")
    one["MetricStat"]["Unit"] = "Bytes"
    assert series(world, one) == {}
    one["MetricStat"]["Unit"] = "Percent"
    assert series(world, one)


CPU = query("CPUUtilization", "billing")


@pytest.mark.parametrize(
    ("queries", "more", "says"),
    [
        ([{**CPU, "Id": f"q{n}"} for n in range(501)], {}, "size greater than 500"),
        ([CPU, CPU], {}, "not unique"),
        ([{**CPU, "Id": "Upper"}], {}, "expected pattern"),
        ([query("CPUUtilization", "billing", period=45)], {}, "multiple of 60"),
        ([query("CPUUtilization", "billing", "p101")], {}, "p101"),
        ([query("CPUUtilization", "billing", "Mean")], {}, "Mean"),
        ([{"Id": "e1", "Expression": "q*2"}], {}, "metric math"),
        ([{"Id": "e1"}], {}, "Exactly one"),
        ([CPU], {"StartTime": at(NOW), "EndTime": at(NOW - 60)}, "less than"),
        ([CPU], {"MaxDatapoints": 100_801}, "MaxDatapoints"),
        ([CPU], {"ScanBy": "Sideways"}, "ScanBy"),
    ],
)
def test_what_aws_would_refuse_is_refused(
    world: Answering, queries: list[Any], more: dict[str, Any], says: str
) -> None:
    code, message = refused(world, *queries, **more)
    assert code == "ValidationError"
    assert says in message


@pytest.mark.parametrize("token", ["nonsense", "WzksbnVsbF0=", "e30=", "/w=="])
def test_a_token_of_ones_own_is_refused(world: Answering, token: str) -> None:
    assert refused(world, CPU, NextToken=token)[0] == "InvalidNextToken"


# --- GetMetricStatistics


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


# --- ListMetrics


def listed(world: Answering, **filters: Any) -> list[dict[str, Any]]:
    client = world.client()
    pages = list(client.get_paginator("list_metrics").paginate(**filters))
    return [metric for page in pages for metric in page["Metrics"]]


def test_every_metric_is_listed_and_can_be_asked_for(world: Answering) -> None:
    found = listed(world)
    assert len(found) == sum(len(world.model.metrics(m, NOW)) for m in world.model.machines)
    queries = [{"Id": f"q{n}", "MetricStat": {"Metric": m, "Period": 300, "Stat": "Sum"}} for n, m in enumerate(found)]
    results = ask(world, *queries)["MetricDataResults"]
    silent = {metric["MetricName"] for metric, r in zip(found, results, strict=True) if not r["Values"]}
    assert silent <= {"WriteThrottleEvents"}


def test_listed_metrics_are_filtered(world: Answering) -> None:
    replica = {"Name": "DBInstanceIdentifier", "Value": "orders-replica-1"}
    assert {m["Namespace"] for m in listed(world, Namespace="AWS/DynamoDB")} == {"AWS/DynamoDB"}
    assert len(listed(world, MetricName="ReplicaLag")) == 2
    assert listed(world, MetricName="ReplicaLag", Dimensions=[replica])[0]["Dimensions"] == [replica]
    assert len(listed(world, Dimensions=[{"Name": "CacheNodeId"}])) == 27
    assert listed(world, Dimensions=[{"Name": "Nobody"}]) == []


def test_a_long_list_comes_in_pages() -> None:
    copies = [replace(m, id=named(f"{m.id}-{n}")) for n in range(90) for m in MACHINES if m.kind == "table"]
    listing = Listing(Points(Model(7, NOW, copies)))
    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = listing.answer(token, NOW)
        assert len(page["Metrics"]) <= 500
        found += [str(metric) for metric in page["Metrics"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert len(found) == len(set(found)) == 540
    with pytest.raises(Refused):
        listing.answer({"NextToken": "-1"}, NOW)


def test_memory_is_bounded_and_what_was_forgotten_is_the_same() -> None:
    points = Points(Model(7, NOW), kept=100)
    first = points.row(named("billing"), MINUTE_NOW)
    for n in range(1000):
        points.row(named("customers"), MINUTE_NOW - 60 * n)
    assert len(points._rows) <= 100
    again = points.row(named("billing"), MINUTE_NOW)
    assert again is not first
    assert again == first


def test_what_was_silent_for_three_hours_is_not_recently_active(world: Answering) -> None:
    active = listed(world, RecentlyActive="PT3H")
    assert 0 < len(active) <= len(listed(world))
    assert all(m in listed(world) for m in active[:3])


# --- the query protocol, which older tools speak


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


def test_a_window_told_twice_is_the_same(world: Answering) -> None:
    first = ask(world, CPU, since=NOW - timedelta(days=2).total_seconds())["MetricDataResults"][0]["Values"]
    again = ask(world, CPU, since=NOW - timedelta(days=2).total_seconds())["MetricDataResults"][0]["Values"]
    assert first == again
    assert len(set(first)) > 2000
