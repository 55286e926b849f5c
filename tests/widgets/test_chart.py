"""Can the chart be read: limits with their word, ghosts apart from the line, what happened, and a value read out?"""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from widgets import ticks
from widgets.chart import ChartData, Ghost, Mark, Threshold, changed, drawing
from widgets.draw import Run, runs_width
from widgets.tone import Symbols, Tone

MINUTE = 60_000
HOUR = 60 * MINUTE
POINTS = tuple((n * MINUTE, 20.0) for n in range(60))
LIMITS = (Threshold(90.0, Tone.BAD, Safe("CRIT")), Threshold(70.0, Tone.WARN, Safe("WARN")))
YESTERDAY = Ghost(Safe("yesterday"), tuple((n * MINUTE, 50.0) for n in range(60)))
LAST_WEEK = Ghost(Safe("last week"), tuple((n * MINUTE, 80.0) for n in range(60)), dashed=True)
FAILOVER = Mark(30 * MINUTE, Safe("Multi-AZ failover started"), Tone.WARN)


def data(**fields: object) -> ChartData:
    known: dict[str, object] = {"thresholds": LIMITS, **fields}
    return ChartData(Safe("cpu"), Safe("Percent"), POINTS, 0, HOUR, **known)  # type: ignore[arg-type]


def text(chart: ChartData, size: tuple[int, int] = (80, 16), symbols: Symbols = Symbols.BRAILLE) -> list[str]:
    return ["".join(words for words, _ in line) for line in drawing(chart, size, symbols)]


@pytest.mark.parametrize(("width", "word"), [(80, "CRIT"), (30, "CRIT"), (22, "")])
def test_a_limit_says_at_its_right_end_how_grave_it_is(width: int, word: str) -> None:
    lines = [line for line in text(data(), (width, 12)) if "┄" in line]
    assert len(lines) == 2
    assert lines[0].endswith(word)


def test_a_limit_far_beyond_what_was_measured_does_not_flatten_the_line_but_is_named() -> None:
    chart = ChartData(
        Safe("latency"), Safe("Milliseconds"), POINTS, 0, HOUR, thresholds=(Threshold(5e3, word=Safe("WARN")),)
    )
    lines = text(chart)
    assert "WARN at 5" in lines[0]
    assert not any("┄" in line for line in lines)


def test_where_nothing_was_measured_but_zero_the_nearest_limit_gives_the_scale() -> None:
    zeros = tuple((n * MINUTE, 0.0) for n in range(60))
    chart = ChartData(Safe("lag"), Safe("Seconds"), zeros, 0, HOUR, thresholds=(Threshold(30.0, word=Safe("WARN")),))
    assert any(line.endswith("WARN") for line in text(chart))


@pytest.mark.parametrize("symbols", Symbols)
def test_ghosts_are_told_from_the_line_and_from_each_other_without_colour(symbols: Symbols) -> None:
    line, dotted, dashed = (_rows_with(ghosts, symbols) for ghosts in ((), (YESTERDAY,), (LAST_WEEK,)))
    only_dotted, only_dashed = ("".join(set(rows) - set(line)) for rows in (dotted, dashed))
    assert " " not in only_dotted.strip(), "a dot in each cell"
    assert "  " in only_dashed.strip(), "dashes with gaps"
    assert set(only_dotted.strip()).isdisjoint(only_dashed.strip())
    assert not any("  " in row.strip() for row in line), "the line itself is whole"


def _rows_with(ghosts: tuple[Ghost, ...], symbols: Symbols) -> list[str]:
    """The rows of a plot; the value of the points leaves those of the ghosts free."""
    there = data(thresholds=(Threshold(100.0),), ghosts=ghosts)
    return [row[7:67] for row in text(there, (67, 22), symbols)[2:-1] if row[7:67].strip()]


@pytest.mark.parametrize("missing", ["value", "time"])
def test_a_gap_in_a_ghost_is_blank_too(missing: str) -> None:
    all_of_it = [(n * MINUTE, 50.0 if not 20 <= n < 40 else None) for n in range(60)]
    points = [point for point in all_of_it if missing == "value" or point[1] is not None]
    lines = text(data(thresholds=(), ghosts=(Ghost(Safe("yesterday"), tuple(points)),)), (67, 22), Symbols.ASCII)
    row = next(line for line in lines if "..." in line)[7:]
    assert row[21:39].strip() == ""
    assert row[:19] == "." * 19


def test_what_happened_stands_on_the_axis_and_what_is_grave_has_another_sign() -> None:
    backup = Mark(10 * MINUTE, Safe("backup"))
    lines = text(data(marks=(backup, FAILOVER, FAILOVER)), (80, 16))
    marks = lines[-2]
    assert marks.strip().split() == ["^", "2"]
    assert text(data(marks=(FAILOVER,)), (80, 16))[-2].strip() == "!"
    assert "!" in text(data(marks=(FAILOVER,)), (40, 6))[-1], "where it is low, among the times"


def test_the_cursor_reads_out_time_value_ghosts_and_what_happened() -> None:
    chart = data(ghosts=(YESTERDAY, LAST_WEEK), marks=(FAILOVER,), cursor=30 * MINUTE)
    lines = text(chart, (120, 16))
    assert lines[0] == "cpu  00:30:00  20.0%  yesterday 50.0%  last week 80.0%  ! Multi-AZ failover started"
    column = lines[2].index("│")
    assert [line[column] for line in lines[1:-2]].count("│") >= 8
    assert lines[-2][column] == "!"


def test_the_cursor_is_seen_where_it_crosses_the_line() -> None:
    lines = drawing(data(cursor=30 * MINUTE), (80, 16), Symbols.BRAILLE)
    assert sum(tone is Tone.SELECTED for line in lines for _, tone in line) == 1


def test_the_cursor_says_where_there_is_no_data() -> None:
    points = tuple((n * MINUTE, None if 20 <= n < 40 else 20.0) for n in range(60))
    chart = ChartData(Safe("cpu"), Safe("Percent"), points, 0, HOUR, cursor=30 * MINUTE)
    assert "00:30:00  no data" in text(chart)[0]


def test_a_narrow_read_out_keeps_time_and_value_and_lets_the_rest_go() -> None:
    chart = data(ghosts=(YESTERDAY, LAST_WEEK), marks=(FAILOVER,), cursor=30 * MINUTE)
    assert text(chart, (34, 10))[0].startswith("cpu  00:30:00  20.0%")


def test_a_stretch_that_is_over_does_not_speak_of_now() -> None:
    assert "  now 20.0%" in text(data())[0]
    assert "  last 20.0%" in text(data(is_past=True))[0]
    silent = ChartData(Safe("cpu"), Safe("Percent"), POINTS[:50], 0, HOUR)
    assert "  last 20.0%" in text(silent)[0], "nothing was observed for ten minutes"


@pytest.mark.parametrize(
    ("unit", "words"), [("ms/s", "now 20.0ms/s"), ("Count/Second", "now 20.0/s"), ("Bytes", "now 20.0B")]
)
def test_a_rate_is_read_out_as_one(unit: str, words: str) -> None:
    assert words in text(ChartData(Safe("wait"), Safe(unit), POINTS, 0, HOUR))[0]


def test_times_are_those_of_the_zone_on_its_round_hours() -> None:
    lines = text(data(zone=timezone(timedelta(hours=5, minutes=30))))
    assert lines[-1].split() == ["05:30", "05:45", "06:00", "06:15"]
    day = [str(words) for _, words in ticks.times(0, 6 * HOUR, 80, timezone(timedelta(hours=5, minutes=30)))]
    assert day == ["06:00", "07:00", "08:00", "09:00", "10:00", "11:00"]


def test_charts_that_stand_one_above_the_other_share_their_columns_whatever_their_labels() -> None:
    other = ChartData(Safe("bytes"), Safe("Bytes"), ((0, 3e6), (HOUR - 1, 2e6)), 0, HOUR, aligned=True)
    assert text(data(aligned=True))[-1] == text(other)[-1]


texts = st.text("abc 漢", max_size=12).map(Safe)
times = st.integers(-MINUTE, HOUR + MINUTE)
values = st.floats(-1e9, 1e9)
series = st.lists(st.tuples(times, st.none() | values), max_size=30).map(
    lambda points: tuple(sorted(dict(points).items()))
)
charts = st.builds(
    ChartData,
    title=texts,
    unit=st.sampled_from(["Percent", "Bytes", "Seconds", ""]).map(Safe),
    points=series,
    start=st.just(0),
    end=st.integers(0, HOUR),
    thresholds=st.lists(st.builds(Threshold, values, st.sampled_from(Tone), texts), max_size=3).map(tuple),
    ghosts=st.lists(st.builds(Ghost, texts, series, st.booleans()), max_size=2).map(tuple),
    marks=st.lists(st.builds(Mark, times, texts, st.sampled_from(Tone)), max_size=5).map(tuple),
    cursor=st.none() | times,
    aligned=st.booleans(),
)


@given(charts, st.integers(1, 200), st.integers(1, 40), st.sampled_from(Symbols))
def test_whatever_is_shown_fits_its_place(chart: ChartData, width: int, height: int, symbols: Symbols) -> None:
    lines = drawing(chart, (width, height), symbols)
    assert len(lines) == height
    assert all(runs_width(line) <= width for line in lines)


@given(charts, charts, st.integers(20, 100), st.integers(4, 20))
def test_only_cells_that_differ_are_painted_and_all_of_them(
    before: ChartData, after: ChartData, width: int, height: int
) -> None:
    def cells(line: list[Run]) -> list[tuple[str, Tone]]:
        there = [(sign, tone) for words, tone in line for sign in words]
        return there + [(" ", Tone.PLAIN)] * (width - len(there))

    pairs = zip(*(drawing(each, (width, height), Symbols.BRAILLE) for each in (before, after)), strict=True)
    for old, new in pairs:
        x, span = changed(old, new, width)
        if "漢" not in "".join(words for words, _ in (*old, *new)):
            assert cells(old)[:x] == cells(new)[:x]
            assert cells(old)[x + span :] == cells(new)[x + span :]


def test_a_cursor_that_moves_by_a_cell_costs_two_columns() -> None:
    before, after = (drawing(data(cursor=n * MINUTE), (67, 20), Symbols.BRAILLE) for n in (30, 31))
    spans = [changed(old, new, 67)[1] for old, new in zip(before, after, strict=True)][1:-1]
    assert max(spans) <= 3
