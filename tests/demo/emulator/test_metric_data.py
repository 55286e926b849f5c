"""What GetMetricData tells: the values, their times, where there are none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from collectors.readings import ResourceId
from console.demo.emulator.metric_series import LATEST_S, OF_AN_OPERATION, Points, appears_at, dimensions, namespace
from console.demo.emulator.statistics import SAMPLES
from console.demo.model import Model
from tests.demo.emulator.cloudwatch_answering import (
    MINUTE_NOW,
    NODE,
    NOW,
    Answering,
    answering,
    ask,
    at,
    named,
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
    counts = series(world, query("WriteThroughput", "orders-primary", "SampleCount", period=HOUR), since=since)
    assert hours[since] == pytest.approx(mean, rel=0.1)
    assert counts[since] == 60 * SAMPLES


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


def test_who_is_gone_tells_nothing_more() -> None:
    class Gone(Model):
        def exists(self, about: ResourceId, t: float) -> bool:
            return about != "billing" or t < MINUTE_NOW - 1800

    with answering(Gone(7, NOW - HOUR)) as world:
        assert max(series(world, query("CPUUtilization", "billing"))) == MINUTE_NOW - 1860
        assert max(series(world, query("CPUUtilization", "customers"))) > MINUTE_NOW - 1800


def test_another_account_has_nothing_of_it(world: Answering) -> None:
    assert series(world, query("CPUUtilization", "billing", AccountId="999999999999")) == {}
    assert series(world, query("CPUUtilization", "billing", AccountId="111122223333"))


def test_a_unit_that_is_not_its_own_finds_nothing(world: Answering) -> None:
    one = query("CPUUtilization", "billing")
    one["MetricStat"]["Unit"] = "Bytes"
    assert series(world, one) == {}
    one["MetricStat"]["Unit"] = "Percent"
    assert series(world, one)


def test_memory_is_bounded_and_what_was_forgotten_is_the_same() -> None:
    points = Points(Model(7, NOW), kept=100)
    first = points.row(named("billing"), MINUTE_NOW)
    for n in range(1000):
        points.row(named("customers"), MINUTE_NOW - 60 * n)
    assert len(points._rows) <= 100
    again = points.row(named("billing"), MINUTE_NOW)
    assert again is not first
    assert again == first


def test_a_window_told_twice_is_the_same(world: Answering) -> None:
    with answering() as another:
        first, again = (
            series(each, query("CPUUtilization", "billing"), since=NOW - 86_400) for each in (world, another)
        )
    assert first == again
    assert len(set(first.values())) > 1000
