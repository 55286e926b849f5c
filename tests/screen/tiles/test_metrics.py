"""Which metrics stand first on the board, and what their sparks show."""

from __future__ import annotations

from collectors.readings import Severity
from collectors.safe import Safe
from console.screen.tiles.metrics import in_order, shares
from tests.screen.bodies import CPU, ORDERS, res, series, value
from tests.screen.tiles.scenes import scene, seen, tell, words

LATENCY, QUEUE, ODD = (Safe(f"cloudwatch.{name}") for name in ("WriteLatency", "DiskQueueDepth", "AnOddOne"))


def test_what_is_beyond_a_bound_stands_first_and_what_has_no_data_last() -> None:
    values = {
        ODD: value(1.0),
        CPU: value(None, s="none"),
        QUEUE: value(3.0, "Count", b=Severity.WARNING),
        LATENCY: value(0.2, "Seconds", b=Severity.CRITICAL),
    }
    assert in_order(values) == [LATENCY, QUEUE, ODD, CPU]


def test_the_chart_is_of_the_gravest_and_the_tile_as_grave_as_it() -> None:
    sick = res(values={CPU: value(40.0), LATENCY: value(0.2, "Seconds", b=Severity.HIGH)})
    told = tell("cloudwatch", scene(seen({ORDERS: sick})))
    assert told.chart is not None
    assert told.chart.title == "WriteLatency"
    assert told.level == Severity.HIGH
    assert "HIGH" in words(told)[0]


def test_a_low_tile_is_full_of_rows_and_a_high_one_leaves_half_to_its_chart() -> None:
    many = res(values={Safe(f"cloudwatch.Metric{number}"): value(40.0) for number in range(20)})
    assert len(words(tell("cloudwatch", scene(seen({ORDERS: many}), rows=5)))) == 5
    assert len(words(tell("cloudwatch", scene(seen({ORDERS: many}), rows=18)))) == 9


def test_no_data_is_not_said_to_be_zero() -> None:
    told = tell("cloudwatch", scene(seen({ORDERS: res(values={CPU: value(None, s="none")})}), rows=5))
    assert words(told)[0].split()[1] == "∅"


def test_a_spark_keeps_the_peak_of_each_cell_and_leaves_gaps_blank() -> None:
    from_scene = scene(seen({ORDERS: res()}))
    kept = shares(series(*([10.0] * 30), 90.0, *([10.0] * 20), *([None] * 9)), from_scene, 10)
    assert max(value for value in kept if value is not None) == 90.0
    assert kept[-1] is None
    assert shares(None, from_scene, 4) == [None] * 4
