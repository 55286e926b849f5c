"""What is said to be unlike usual is so: robustly, against both ghosts, and in words that a person would use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from console.protocol.bodies import Ghosts, Past, Points
from console.screen.ghosts import DAY_MS, WEEK_MS
from console.screen.resource_screen.unlike import Unlike, compare, score, usual, words
from console.series import Series

MINUTE = 60_000
START = 1_773_223_200_000
STRETCH = (START, START + 60 * MINUTE)
CPU, CONN = "cloudwatch.CPUUtilization", "cloudwatch.DatabaseConnections"
finite = st.floats(-1e9, 1e9)


def series(*values: float | None) -> Series:
    made = Series()
    for n, value in enumerate(values):
        made.put(START + n * MINUTE, value)
    return made


def points(ago: int, *values: float | None) -> Points:
    return Points(t=tuple(START - ago + n * MINUTE for n in range(len(values))), v=values)


def ghosts(**pasts: tuple[list[float | None] | None, list[float | None] | None]) -> Ghosts:
    found = {
        Safe(f"cloudwatch.{name}"): Past(
            yesterday=None if yesterday is None else points(DAY_MS, *yesterday),
            last_week=None if last_week is None else points(WEEK_MS, *last_week),
        )
        for name, (yesterday, last_week) in pasts.items()
    }
    return Ghosts(start=START, end=STRETCH[1], metrics=2, usd=0.00002, series=found)


def found(history: dict[str, Series], there: Ghosts) -> list[Unlike]:
    return list(compare(history, there, None, STRETCH).unlike)


def test_three_times_both_days_is_unlike_and_said_so() -> None:
    there = ghosts(DatabaseConnections=([100.0] * 10, [110.0] * 10))
    (only,) = found({CONN: series(*[310.0] * 10)}, there)
    assert (only.series, only.yesterday, only.last_week) == (CONN, "3.1x yesterday's", "2.8x last week's")


def test_a_job_of_every_week_is_usual_though_yesterday_had_none() -> None:
    assert found({CONN: series(*[300.0] * 10)}, ghosts(DatabaseConnections=([100.0] * 10, [300.0] * 10))) == []


def test_the_least_usual_comes_first() -> None:
    there = ghosts(CPUUtilization=([40.0] * 10, [40.0] * 10), DatabaseConnections=([100.0] * 10, [100.0] * 10))
    history = {CPU: series(*[50.0] * 10), CONN: series(*[900.0] * 10)}
    assert [each.series for each in found(history, there)] == [CONN, CPU]


def test_one_peak_makes_nothing_unlike() -> None:
    steady: list[float | None] = [40.0, 41.0, 39.0, 40.0, 42.0, 40.0]
    assert found({CPU: series(40.0, 41.0, 98.0, 39.0, 40.0, 41.0)}, ghosts(CPUUtilization=(steady, steady))) == []


def test_what_usually_varies_by_as_much_is_usual() -> None:
    wild: list[float | None] = [5.0, 60.0, 20.0, 80.0, 10.0, 55.0]
    assert found({CPU: series(*[70.0] * 6)}, ghosts(CPUUtilization=(wild, wild))) == []


def test_with_one_ghost_missing_the_other_is_enough_and_the_missing_one_is_named() -> None:
    (only,) = found({CONN: series(*[300.0] * 10)}, ghosts(DatabaseConnections=([100.0] * 10, None)))
    assert (only.yesterday, only.last_week) == ("3.0x yesterday's", "no last week")


def test_only_the_stretch_that_is_seen_counts() -> None:
    there = ghosts(DatabaseConnections=([100.0] * 60, [100.0] * 60))
    history = {CONN: series(*[100.0] * 50, *[400.0] * 10)}
    assert found(history, there) == []
    (only,) = compare(history, there, None, (STRETCH[1] - 10 * MINUTE, STRETCH[1])).unlike
    assert only.yesterday == "4.0x yesterday's"


def test_in_a_stretch_shorter_than_the_source_is_late_the_newest_points_count() -> None:
    there = ghosts(DatabaseConnections=([100.0] * 60, [100.0] * 60))
    history = {CONN: series(*[100.0] * 40, *[400.0] * 17)}  # three minutes late
    (only,) = compare(history, there, None, (STRETCH[1] - 5 * MINUTE, STRETCH[1])).unlike
    assert only.yesterday == "4.0x yesterday's"
    assert compare({CONN: series(*[400.0] * 10)}, there, None, (STRETCH[1] - 5 * MINUTE, STRETCH[1])).compared == 0


def test_nothing_unlike_and_nothing_to_compare_are_two_things() -> None:
    nothing = compare({CPU: series(1.0)}, None, None, STRETCH)
    few = compare({CPU: series(90.0, 90.0)}, ghosts(CPUUtilization=([1.0] * 10, [1.0] * 10)), None, STRETCH)
    alike = compare({CPU: series(*[1.0] * 9)}, ghosts(CPUUtilization=([1.0] * 10, [1.0] * 10)), None, STRETCH)
    assert (nothing.unlike, few.unlike, alike.unlike) == ((), (), ())
    assert usual(nothing) == usual(few) == "Too few points in this stretch to compare: - shows more."
    assert usual(alike) == "None of 1 values is unlike both yesterday and last week."


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        (12.0, 0.0, "yesterday 0"),
        (0.0, 12.0, "0.00x yesterday's"),
        (5.0, 10.0, "0.50x yesterday's"),
        (5e4, 1.0, ">100x yesterday's"),
    ],
)
def test_words_say_which_way(now: float, then: float, said: str) -> None:
    assert words([now] * 5, [then] * 5, "yesterday") == said


@given(st.lists(finite, min_size=4, max_size=20), st.lists(finite, min_size=4, max_size=20), st.floats(0.01, 100))
def test_the_score_does_not_depend_on_the_unit(now: list[float], then: list[float], factor: float) -> None:
    plain, scaled = score(now, then), score([v * factor for v in now], [v * factor for v in then])
    assert plain is not None
    assert scaled == pytest.approx(plain, rel=1e-6, abs=1e-6)
    assert plain >= 0
