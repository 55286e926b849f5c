"""What becomes of a resource is told when it turns, at the time at which it turned, and not at each wavering."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collectors.readings import Severity
from console.estate.course import APART_MS, Courses, Turn
from console.estate.fold import fold
from console.estate.levels import Limit, Limits
from console.estate.resource import Resource, undescribed
from tests.estate.builders import CPU, ORDERS, START_MS, described, metric

WARNING, CRITICAL, INFO = Severity.WARNING, Severity.CRITICAL, Severity.INFO


class Watched:
    """One resource whose processor is measured and judged; seconds are counted from the start."""

    def __init__(self) -> None:
        limits = [Limit(CPU, WARNING, 80.0, above=True), Limit(CPU, CRITICAL, 95.0, above=True)]
        self.courses = Courses(Limits(limits))
        self.resource = Resource(ORDERS, undescribed(ORDERS))
        fold(self.resource, described())

    def at(self, second: int, *points: tuple[int, float]) -> list[tuple[str, Severity, int]]:
        """What is told at that second, once these points have come: text, severity, second."""
        for of, value in points:
            fold(self.resource, metric(of, value))
        now_ms = START_MS + 1000 * second
        self.courses.judge(self.resource, now_ms)
        return [_short(turn) for turn in self.courses.turns(now_ms)]


def _short(turn: Turn) -> tuple[str, Severity, int]:
    return turn.text, turn.severity, (turn.t - START_MS) // 1000


def test_each_turn_is_told_once_at_the_time_of_the_point_that_made_it() -> None:
    watched = Watched()
    assert watched.at(0, (0, 50.0)) == []
    assert watched.at(200, (60, 85.0)) == [("warning: CPUUtilization over 80.0%", WARNING, 60)]
    assert watched.at(201) == []
    assert watched.at(300, (120, 99.0)) == [("critical: CPUUtilization over 95.0%", CRITICAL, 120)]
    assert watched.at(400, (240, 85.0)) == [("warning, no longer critical: CPUUtilization over 80.0%", WARNING, 240)]
    assert watched.at(500, (300, 50.0)) == [("well again (was warning: CPUUtilization over 80.0%)", INFO, 300)]


def test_what_wavers_is_told_when_it_has_stayed_so_for_a_minute() -> None:
    watched = Watched()
    watched.at(0, (0, 50.0))
    assert len(watched.at(60, (60, 85.0))) == 1
    assert watched.at(70, (70, 50.0)) == []
    assert watched.at(80, (80, 85.0)) == []
    assert watched.at(90, (90, 50.0)) == []
    assert watched.at(119) == []
    assert watched.at(120) == [("well again (was warning: CPUUtilization over 80.0%)", INFO, 90)]


def test_what_was_grave_before_anybody_looked_is_said_so() -> None:
    watched = Watched()
    assert watched.at(0, (0, 99.0)) == []
    assert watched.at(40) == [("critical when first looked at: CPUUtilization over 95.0%", CRITICAL, 0)]


def test_where_its_history_comes_meanwhile_it_is_told_since_when() -> None:
    watched = Watched()
    assert watched.at(0, (0, 99.0)) == []
    watched.at(10, (-600, 50.0), (-300, 99.0))
    assert watched.at(40) == [("critical: CPUUtilization over 95.0%", CRITICAL, -300)]


def test_what_was_told_before_a_restart_is_not_told_again() -> None:
    before, after = Watched(), Watched()
    before.at(0, (0, 50.0))
    before.at(60, (60, 99.0))
    after.courses.recall(ORDERS, before.courses.standing(ORDERS))
    assert after.at(100, (60, 99.0)) == []
    assert after.at(200, (120, 50.0)) == [("well again (was critical)", INFO, 120)]


def test_of_what_is_gone_nothing_is_told() -> None:
    watched = Watched()
    watched.at(0, (0, 99.0))
    watched.courses.forget(ORDERS)
    assert list(watched.courses.turns(START_MS + 100_000)) == []
    assert watched.courses.standing(ORDERS) is None


@given(st.lists(st.tuples(st.integers(1, 50), st.sampled_from([50.0, 85.0, 99.0])), max_size=60))
def test_never_two_in_a_minute_and_the_last_is_how_it_is(steps: list[tuple[int, float]]) -> None:
    watched = Watched()
    second, told = 0, list[tuple[int, str]]()
    for apart, value in steps:
        second += apart
        told += [(second, text) for text, _, _ in watched.at(second, (second, value))]
    told += [(second + 60, text) for text, _, _ in watched.at(second + 60)]
    assert all(1000 * (later - earlier) >= APART_MS for (earlier, _), (later, _) in pairwise(told))
    last = {50.0: "well", 85.0: "warning", 99.0: "critical"}[steps[-1][1]] if steps else "well"
    assert told[-1][1].startswith(last) if told else last == "well"
