"""The quarter of an hour after a flush: what was, what came of it, and when it was over, whatever is told of it."""

from __future__ import annotations

import random
from datetime import timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.flush.measures import Measure, of_a_cache, of_a_server
from console.flush.watch import LASTS, Figure, Points, figures, is_over
from tests.flush.given import CACHE, DONE, FLUSHED, ORDERS, SENT, after, every, points, reading

HITS, CPU = "redis.hit_percent", "cloudwatch.CPUUtilization"
HIT_RATE, PROCESSOR = Measure("hit rate", CACHE), Measure("CPU", ORDERS)
COMPILED = Measure("compilations", ORDERS)


def hit_rate(told: Points, seconds: float) -> Figure:
    (figure,) = figures([HIT_RATE], reading({(CACHE, HITS): told}), FLUSHED, SENT + timedelta(seconds=seconds))
    return figure


COURSE = points(*every(5, -300, 0, 96.4), *every(5, 5, 60, 3.1), *every(5, 60, 380, 60.0), *every(5, 380, 700, 95.8))


def test_before_the_worst_and_now_and_since_when_it_is_as_before() -> None:
    figure = hit_rate(COURSE, 600)
    assert (figure.before, figure.worst, figure.now) == (96.4, 3.1, 95.8)
    assert figure.back == points((380, None))[0][0]
    assert figure.is_as_before
    assert figure.is_steady


def test_while_it_is_down_it_is_neither_back_nor_steady() -> None:
    figure = hit_rate(COURSE, 200)
    assert (figure.now, figure.back, figure.is_as_before, figure.is_steady) == (60.0, None, False, False)


def test_a_minute_that_began_before_it_says_nothing_of_before_nor_of_after() -> None:
    """CloudWatch tells of a minute by when it began."""
    told = points((-90, 40.0), (-30, 99.0), (30, 88.0))
    (figure,) = figures([PROCESSOR], reading({(ORDERS, CPU): told}), FLUSHED, after(minutes=2))
    assert (figure.before, figure.worst, figure.now) == (40.0, 88.0, 88.0)


def test_the_nearest_source_that_tells_both_is_believed_and_else_another() -> None:
    cloud = points((-120, 95.0), (60, 90.0))
    both = {(CACHE, HITS): points((-60, 96.0), (10, 5.0)), (CACHE, "cloudwatch.CacheHitRate"): cloud}
    (near,) = figures([HIT_RATE], reading(both), FLUSHED, after(minutes=2))
    assert (near.before, near.worst) == (96.0, 5.0)
    both[CACHE, HITS] = points((-60, 96.0))
    (far,) = figures([HIT_RATE], reading(both), FLUSHED, after(minutes=2))
    assert (far.before, far.worst) == (95.0, 90.0)


def test_evictions_are_told_by_the_second_whoever_counts_them() -> None:
    told = {(CACHE, "cloudwatch.Evictions"): points((-120, 0.0), (60, 600.0))}
    (figure,) = figures([Measure("evictions", CACHE)], reading(told), FLUSHED, after(minutes=2))
    assert (figure.before, figure.worst) == (0.0, 10.0)


def test_what_was_told_long_ago_is_not_now() -> None:
    figure = hit_rate(points((-60, 96.0), (30, 95.0)), 900)
    assert (figure.worst, figure.now, figure.is_as_before) == (95.0, None, False)


@pytest.mark.parametrize(
    ("measure", "before", "value", "holds"),
    [
        (HIT_RATE, 96.0, 91.0, True),
        (HIT_RATE, 96.0, 90.9, False),
        (PROCESSOR, 43.0, 53.0, True),
        (PROCESSOR, 43.0, 53.1, False),
        (COMPILED, 120.0, 240.0, True),
        (COMPILED, 120.0, 241.0, False),
        (COMPILED, 0.1, 1.0, True),
    ],
)
def test_what_counts_as_before(measure: Measure, before: float, value: float, *, holds: bool) -> None:
    assert measure.is_as_before(before, value) is holds


def test_it_is_over_once_all_that_is_known_is_steady_and_not_before_three_minutes() -> None:
    calm = points(*every(5, -300, 0, 96.0), *every(5, 5, 900, 96.0))
    assert not is_over([hit_rate(calm, 150)], FLUSHED, after(seconds=150))
    assert is_over([hit_rate(calm, 190)], FLUSHED, after(seconds=186))
    down = points(*every(5, -300, 0, 96.0), *every(5, 5, 900, 50.0))
    assert not is_over([hit_rate(down, 890)], FLUSHED, after(seconds=886))
    assert is_over([hit_rate(down, 904)], FLUSHED, DONE + LASTS)


def test_of_what_nobody_tells_it_is_over_after_a_quarter_of_an_hour_and_no_sooner() -> None:
    assert not is_over([Figure(HIT_RATE)], FLUSHED, DONE + LASTS - timedelta(seconds=1))
    assert not is_over([], FLUSHED, DONE + LASTS - timedelta(seconds=1))
    assert is_over([], FLUSHED, DONE + LASTS)


def test_a_value_without_a_before_holds_it_open_and_is_told() -> None:
    figure = hit_rate(points(*every(5, 5, 600, 50.0)), 600)
    assert (figure.before, figure.now, figure.is_as_before) == (None, 50.0, False)
    assert not is_over([figure], FLUSHED, after(minutes=9))


def test_of_whom_what_is_watched() -> None:
    assert [(each.what, each.about) for each in of_a_cache([CACHE], [ORDERS])] == [
        ("hit rate", CACHE),
        ("CPU", ORDERS),
        ("evictions", CACHE),
    ]
    assert [each.what for each in of_a_server(ORDERS)] == ["compilations", "CPU"]


ANY = st.one_of(st.none(), st.floats(), st.just(nan), st.just(inf))
TOLD = st.lists(st.tuples(st.integers(-1_200, 1_200), ANY), max_size=60, unique_by=lambda each: each[0])


@given(TOLD, st.integers(0, 1_200), st.randoms())
def test_whatever_is_told_in_whatever_order_with_whatever_gaps(
    told: list[tuple[float, float | None]], seconds: int, dice: random.Random
) -> None:
    figure = hit_rate(points(*told), seconds)
    dice.shuffle(told)
    assert hit_rate(points(*told), seconds) == figure
    known = {value for at, value in told if value is not None and abs(value) < inf and at <= seconds}
    assert figure.worst is None or figure.worst in known
    assert figure.now is None or (figure.now in known and figure.worst is not None and figure.worst <= figure.now)
    assert figure.before is None or min(known) <= figure.before <= max(known)
    assert not figure.is_steady or figure.is_as_before
    assert not figure.is_as_before or (figure.before is not None and figure.now is not None)
    assert figure.back is None or figure.back > points((0, None))[0][0]
    assert is_over([figure], FLUSHED, after(minutes=15))


@given(TOLD, st.integers(0, 1_200), st.integers(0, 600))
def test_what_comes_later_never_makes_the_worst_better(
    told: list[tuple[float, float | None]], seconds: int, more: int
) -> None:
    before, later = (hit_rate(points(*told), each) for each in (seconds, seconds + more))
    assert before.before == later.before
    if before.worst is not None:
        assert later.worst is not None
        assert later.worst <= before.worst
