"""Does the line show what was observed, all of it, and nothing else?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from widgets.chart import ChartData, Threshold, drawing
from widgets.draw import runs_width
from widgets.plot import Point, Window, columns, dots_per_cell, plot
from widgets.spark import spark
from widgets.ticks import Unit, scale, times
from widgets.tone import Symbols, Tone

numbers = st.floats(allow_nan=False, allow_infinity=False)
measures = st.floats(-1e15, 1e15)
modest = st.floats(0, 100)
sizes = st.tuples(st.integers(1, 60), st.integers(1, 12))
WINDOW = Window(0, 60_000, 0.0, 100.0)


@st.composite
def histories(draw: st.DrawFn, values: st.SearchStrategy[float] = modest) -> list[Point]:
    moments = sorted(draw(st.sets(st.integers(-5_000, 70_000), max_size=40)))
    return [(moment, draw(st.none() | values)) for moment in moments]


@given(histories(numbers), sizes, st.sampled_from(Symbols), st.integers(0, 80_000))
def test_the_plot_is_as_large_as_asked_and_nothing_stands_outside(
    points: list[Point], size: tuple[int, int], symbols: Symbols, gap: int
) -> None:
    rows = plot(points, WINDOW, size, gap, symbols)
    assert [len(row) for row in rows] == [size[0]] * size[1]
    across, up = dots_per_cell(symbols)
    for column, extent in columns(points, WINDOW, (size[0] * across, size[1] * up), gap).items():
        assert 0 <= column < size[0] * across
        assert 0 <= extent.low <= extent.high < size[1] * up


@given(histories(), sizes)
def test_a_column_in_which_nothing_was_observed_is_blank(points: list[Point], size: tuple[int, int]) -> None:
    width, height = size
    seen = {time * width // 60_000 for time, value in points if value is not None and 0 <= time < 60_000}
    assert set(columns(points, WINDOW, (width, height), gap=0)) == seen


@given(histories(), sizes, st.integers(0, 80_000))
def test_every_observed_value_lies_on_the_line_however_many_share_a_column(
    points: list[Point], size: tuple[int, int], gap: int
) -> None:
    width, height = size
    found = columns(points, WINDOW, (width, height), gap)
    for time, value in points:
        if value is not None and 0 <= time < 60_000:
            extent = found[time * width // 60_000]
            assert extent.low <= round(value / 100 * (height - 1)) <= extent.high


def test_a_value_that_was_not_given_breaks_the_line() -> None:
    points: list[Point] = [(0, 50.0), (10_000, 50.0), (20_000, None), (30_000, 50.0), (40_000, 50.0)]
    assert plot(points, WINDOW, (6, 1), 15_000, Symbols.ASCII) == ["** ** "]


def test_a_time_that_is_missing_breaks_the_line_too() -> None:
    points: list[Point] = [(0, 50.0), (10_000, 50.0), (40_000, 50.0), (50_000, 50.0)]
    assert plot(points, WINDOW, (6, 1), 15_000, Symbols.ASCII) == ["**  **"]


def test_points_further_apart_than_a_column_are_joined() -> None:
    points: list[Point] = [(0, 0.0), (50_000, 100.0)]
    assert len(columns(points, WINDOW, (60, 10), 60_000)) == 51


@given(histories(numbers), st.integers(1, 70), st.integers(1, 14), st.sampled_from(Symbols), numbers)
def test_a_chart_fits_its_place_at_any_size_and_for_any_value(
    points: list[Point], width: int, height: int, symbols: Symbols, limit: float
) -> None:
    data = ChartData(Safe("a title 漢"), Safe("Bytes"), tuple(points), 0, 60_000, thresholds=(Threshold(limit),))
    lines = drawing(data, (width, height), symbols)
    assert len(lines) == height
    assert all(runs_width(line) <= width for line in lines)
    if symbols is Symbols.ASCII:
        words = "".join(text for line in lines[height > 2 :] for text, _ in line)
        assert words.isascii()


def test_a_chart_without_points_says_so() -> None:
    lines = drawing(ChartData(Safe("cpu"), Safe("Percent"), (), 0, 60_000), (40, 8), Symbols.BRAILLE)
    assert any("no data yet" in text for line in lines for text, _ in line)


def test_a_line_once_drawn_shifts_as_it_is() -> None:
    points = tuple((n * 1_000, float(n * 7919 % 100)) for n in range(600))

    def line(end: int) -> list[str]:
        data = ChartData(Safe("cpu"), Safe("Percent"), points, end - 300_000, end, every=1_000)
        return ["".join(text for text, _ in runs)[7:] for runs in drawing(data, (56, 8), Symbols.BRAILLE)[1:-1]]

    assert line(500_400) == line(501_600)
    assert [row[:-6] for row in line(506_100)] == [row[1:-5] for row in line(500_400)]


def test_a_threshold_is_drawn_where_the_line_is_not() -> None:
    points = ((0, 10.0), (1_000, 10.0))
    data = ChartData(Safe("cpu"), Safe("Percent"), points, 0, 60_000, thresholds=(Threshold(80.0, Tone.BAD),))
    bad = [text for line in drawing(data, (40, 8), Symbols.ASCII) for text, tone in line if tone is Tone.LIMIT]
    assert bad == ["-" * len(bad[0])]
    assert len(bad[0]) > 30


@given(measures, measures, st.sampled_from(Unit), st.integers(1, 20))
def test_a_scale_covers_its_values_and_zero_with_few_steps(a: float, b: float, unit: Unit, steps: int) -> None:
    axis = scale(min(a, b), max(a, b), unit, steps)
    slack = 1e-9 * max(1.0, abs(a), abs(b))
    assert axis.low <= min(a, b, 0.0) + slack
    assert max(a, b, 0.0) - slack <= axis.high
    assert axis.low < axis.high
    assert 1 <= len(axis.values()) <= steps * 2 + 3
    assert all(axis.label(value) for value in axis.values())


@pytest.mark.parametrize(
    ("unit", "most", "words"),
    [
        ("Percent", 60, ["0%", "50%", "100%"]),
        ("Bytes", 3 * 1024**3, ["0B", "2G", "4G"]),
        ("Milliseconds", 8, ["0ms", "5ms", "10ms"]),
        ("Seconds", 0.004, ["0ms", "2ms", "4ms"]),
        ("Count/Second", 1_500_000, ["0", "1M", "2M"]),
    ],
)
def test_labels_are_what_a_person_would_write(unit: str, most: float, words: list[str]) -> None:
    axis = scale(0.0, most, Unit.of(unit), 2)
    assert [axis.label(value) for value in axis.values()] == words


def test_times_stand_on_round_values_of_the_clock() -> None:
    start = 1_780_000_000_000
    assert [str(label) for _, label in times(start, start + 3_600_000, 60)] == ["20:30", "20:45", "21:00", "21:15"]
    assert all(ms % 900_000 == 0 for ms, _ in times(start, start + 3_600_000, 60))


@given(st.lists(st.none() | modest, max_size=60), st.integers(0, 30), st.sampled_from(Symbols))
def test_a_sparkline_has_its_width_and_a_sign_of_every_share(
    values: list[float | None], cells: int, symbols: Symbols
) -> None:
    line = spark(values, symbols, cells)
    assert len(line) == cells
    if len(values) <= cells:
        assert [sign != " " for sign in line[cells - len(values) :]] == [value is not None for value in values]


def test_a_peak_in_a_sparkline_is_not_averaged_away() -> None:
    assert spark([1.0] * 9 + [80.0] + [1.0] * 10, Symbols.BLOCK, 5) == "▁▁█▁▁"
    assert spark([0.0, None, 5.0, 10.0], Symbols.ASCII) == "_ =#"
