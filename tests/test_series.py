from __future__ import annotations

import math
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from console.series import CAPACITY, Series

values = st.none() | st.floats(allow_nan=False)
points = st.lists(st.tuples(st.integers(0, 60), values), max_size=120)


@given(points, st.integers(1, 40), st.integers(-1, 61))
def test_a_series_is_its_newest_points_by_time(put: list[tuple[int, float | None]], size: int, since: int) -> None:
    series, model = Series(size), dict[int, float | None]()
    for t, value in put:
        series.put(t, value)
        if t in model or len(model) < size or t > min(model):
            model[t] = value
        while len(model) > size:
            del model[min(model)]
    expected = [(t, v) for t, v in sorted(model.items()) if t >= since]
    assert list(zip(*series.columns(since), strict=True)) == expected
    assert len(series) == len(model)


def test_a_gap_is_no_number_and_not_zero() -> None:
    series = Series()
    series.put(1, 0.0)
    series.put(2, None)
    series.put(3, math.nan)
    assert series.columns() == ((1, 2, 3), (0.0, None, None))


def test_a_full_series_costs_about_sixteen_bytes_a_point() -> None:
    tracemalloc.start()
    kept = [Series() for _ in range(20)]
    for series in kept:
        for t in range(5 * CAPACITY):
            series.put(t, 1.0)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / len(kept) < 16 * CAPACITY * 1.3
    assert len(kept[0]) == CAPACITY


@given(points, st.integers(0, 40))
def test_a_point_counts_for_so_long_before_the_newest(put: list[tuple[int, float | None]], span: int) -> None:
    series = Series(span_ms=span)
    for t, value in put:
        series.put(t, value)
    newest = max((t for t, _ in put), default=0)
    expected = sorted((t, v) for t, v in dict(put).items() if t >= newest - span)
    assert list(zip(*series.columns(), strict=True)) == expected
    assert len(series) == len(expected)
