"""Statistics of a period, for any points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.demo.emulator.metric_series import series
from console.demo.emulator.statistics import SAMPLES, Statistic, strewn
from tests.demo.emulator.cloudwatch_answering import named

POINTS = st.lists(st.floats(0, 1e12, allow_nan=False), min_size=1, max_size=60)


def told(name: str, points: list[float], samples: int = SAMPLES, metric: str = "CPUUtilization") -> float:
    statistic = Statistic.parse(name)
    assert statistic is not None
    spread = series(named("billing"), "AWS/RDS", metric).spread()
    return statistic.of([60 * n for n in range(len(points))], points, samples, spread)


@given(POINTS, st.sampled_from([1, SAMPLES]))
def test_the_average_lies_between_the_extremes(points: list[float], samples: int) -> None:
    low, mean, high = (told(name, points, samples, "ReadIOPS") for name in ("Minimum", "Average", "Maximum"))
    slack = 1e-9 * max(points)
    assert low - slack <= mean <= high + slack
    assert low >= 0
    assert told("SampleCount", points, samples) == samples * len(points)
    assert told("Sum", points, samples) == pytest.approx(mean * samples * len(points))


@given(POINTS)
def test_percentiles_rise(points: list[float]) -> None:
    ranks = [told(f"p{n}", points) for n in (0, 1, 25, 50, 75, 99, 100)]
    assert ranks == sorted(ranks)
    assert (ranks[0], ranks[-1]) == (told("Minimum", points), told("Maximum", points))


@given(st.floats(0, 1e12))
def test_the_average_of_one_minute_is_its_point_exactly(point: float) -> None:
    assert told("Average", [point]) == point


@given(st.integers(0, 10**9))
def test_what_counts_things_has_samples_in_whole_things(point: int) -> None:
    stray = series(named("billing"), "AWS/RDS", "DatabaseConnections").spread()(600, float(point))
    samples = strewn(float(point), stray)
    assert all(sample % 1 == 0 for sample in samples)
    assert sum(samples) == SAMPLES * point


@given(st.floats(0, 100))
def test_no_share_is_more_than_the_whole(point: float) -> None:
    assert told("Maximum", [point], metric="CPUUtilization") <= 100


def test_what_is_read_by_its_extreme_is_told_once_a_minute() -> None:
    for metric in ("FreeStorageSpace", "ReplicaLag", "FailedSQLServerAgentJobsCount"):
        assert series(named("billing"), "AWS/RDS", metric).samples == 1
    assert (
        told("Minimum", [4.0], samples=1) == told("Average", [4.0], samples=1) == told("p99", [4.0], samples=1) == 4.0
    )


@pytest.mark.parametrize("name", ["", "average", "p", "p101", "p-1", "TM(5:95)", "TM(90%:10%)", "tm", "PR(:1)", "p9 9"])
def test_what_is_no_statistic_is_none(name: str) -> None:
    assert Statistic.parse(name) is None


@pytest.mark.parametrize("name", ["p0", "p99", "p99.95", "p100", "tm99", "TM(10%:90%)", "TM(:95%)", "TM(5%:)", "IQM"])
def test_extended_statistics_are_known(name: str) -> None:
    found = Statistic.parse(name)
    assert found is not None
    assert found.extended


def test_a_trimmed_mean_leaves_the_outliers_out() -> None:
    points = [10.0] * 18 + [1000.0, 0.0]
    assert told("TM(10%:90%)", points, samples=1) == 10.0
    assert told("Average", points, samples=1) > 50
