from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.protocol.history import MOST_POINTS, SPAN_MS, Series

points = st.lists(st.tuples(st.integers(0, 3 * SPAN_MS) | st.integers(0, 50), st.none() | st.integers(0, 9).map(float)))


@given(points)
def test_points_are_in_order_of_time_and_the_later_told_counts(said: list[tuple[int, float | None]]) -> None:
    series = Series()
    series.merge(said)
    newest = max((t for t, _ in said), default=0)
    expected = sorted((t, v) for t, v in dict(said).items() if t >= newest - SPAN_MS)
    assert list(zip(*series.columns(), strict=True)) == expected
    assert len(series) == len(expected)
    assert list(zip(*series.columns(since=25), strict=True)) == [(t, v) for t, v in expected if t >= 25]


def test_no_more_points_are_kept_than_a_chart_needs() -> None:
    series = Series()
    for t in range(3 * MOST_POINTS):
        series.add(t, float(t))
    assert len(series) == MOST_POINTS
    times, values = series.columns()
    assert times == tuple(range(2 * MOST_POINTS, 3 * MOST_POINTS))
    assert values[-1] == 3.0 * MOST_POINTS - 1


def test_a_point_from_before_all_others_does_not_push_one_out() -> None:
    series = Series()
    for t in range(MOST_POINTS + 249):
        series.add(1_000 + t, 1.0)
    for t in range(100):
        series.add(t, 2.0)
    assert len(series) == MOST_POINTS
    assert series.columns()[0][-1] == 1_000 + MOST_POINTS + 248
