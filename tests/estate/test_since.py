"""Since when a resource is as it is: the point that was the first beyond the bound, as far as anybody saw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from collectors.readings import Alarm, Alarms, Severity
from collectors.safe import Safe
from console.estate.fold import fold
from console.estate.levels import Limit, Limits
from console.estate.resource import Resource, undescribed
from console.estate.since import HOLE_MS, Standing, standing
from tests.estate.builders import CPU, ORDERS, START_MS, at, described, metric

MIN = 60
WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL
LIMITS = Limits(
    [
        Limit(CPU, WARNING, 80.0, above=True),
        Limit(CPU, CRITICAL, 95.0, above=True),
        Limit(Safe("cloudwatch.FreeStorageSpace"), WARNING, 10.0, above=False),
    ]
)


def resource(
    *points: float | None, free: Sequence[float | None] = (), status: str = "available", alarm: datetime | None = None
) -> Resource:
    found = Resource(ORDERS, undescribed(ORDERS))
    fold(found, described(status=status))
    for minute, value in enumerate(points):
        fold(found, metric(minute * MIN, value))
    for minute, value in enumerate(free):
        fold(found, metric(minute * MIN, value, name="cloudwatch.FreeStorageSpace"))
    if alarm is not None:
        row = Alarm(Safe("orders-cpu"), Safe("ALARM"), alarm, Safe(""), Safe(""))
        fold(found, Alarms(ORDERS, at(0), (row,)))
    return found


def found(of: Resource, before: Standing | None = None, now_min: float = 60) -> Standing | None:
    now_ms = START_MS + int(now_min * 60_000)
    return standing(of, LIMITS.judge(of), LIMITS.of(of), before, now_ms)


def minute(number: float) -> int:
    return START_MS + int(number * 60_000)


def test_what_is_well_has_no_such_time() -> None:
    assert found(resource(99, 99, 50)) is None


def test_it_is_the_first_point_of_those_that_are_beyond_the_bound_without_a_break() -> None:
    assert found(resource(90, 50, 85, 99, 85)) == Standing(WARNING, minute(2), is_seen=True)
    assert found(resource(90, 50, 85, 99, 99)) == Standing(CRITICAL, minute(3), is_seen=True)


def test_a_gap_is_no_break() -> None:
    assert found(resource(50, 85, None, None, 85)) == Standing(WARNING, minute(1), is_seen=True)


def test_what_came_an_hour_ago_and_comes_again_was_not_all_the_while() -> None:
    assert found(resource(99, *[None] * 50, 99)) == Standing(CRITICAL, minute(51), is_seen=False)


def test_hours_in_which_nobody_looked_are_one() -> None:
    of = resource(50, 85, 85)
    later = 2 * MIN + HOLE_MS / 1000 + MIN
    fold(of, metric(later, 85.0))
    assert found(of, now_min=200) == Standing(WARNING, minute(later / 60), is_seen=False)


def test_one_value_that_takes_over_from_another_is_no_break_either() -> None:
    of = resource(50, 85, 85, 85, 50, free=[50, 50, 50, 5, 5])
    assert found(of) == Standing(WARNING, minute(1), is_seen=True)


def test_where_the_series_begins_beyond_the_bound_what_was_said_before_counts() -> None:
    of = resource(85, 85)
    assert found(of) == Standing(WARNING, minute(0), is_seen=False)
    assert found(of, Standing(WARNING, minute(-90), is_seen=True)) == Standing(WARNING, minute(-90), is_seen=True)
    assert found(of, Standing(CRITICAL, minute(-90), is_seen=True)) == Standing(WARNING, minute(-90), is_seen=True)


def test_what_was_said_of_a_milder_level_does_not_count() -> None:
    assert found(resource(99, 99), Standing(WARNING, minute(-90), is_seen=True)) == Standing(
        CRITICAL, minute(0), is_seen=False
    )


def test_what_the_series_show_goes_before_what_was_said() -> None:
    assert found(resource(50, 85), Standing(WARNING, minute(-90), is_seen=True)) == Standing(
        WARNING, minute(1), is_seen=True
    )


def test_what_only_aws_says_begins_when_it_is_first_judged_and_stays() -> None:
    of = resource(status="rebooting")
    first = found(of, now_min=3)
    assert first == Standing(WARNING, minute(3), is_seen=False)
    assert found(of, first, now_min=9) == first


def test_an_alarm_knows_since_when() -> None:
    assert found(resource(alarm=at(-300))) == Standing(WARNING, minute(-5), is_seen=True)


@given(st.lists(st.none() | st.sampled_from([50.0, 85.0, 99.0]), min_size=1, max_size=40))
def test_between_that_time_and_now_no_point_is_milder_and_the_one_before_is(points: list[float | None]) -> None:
    of = resource(*points)
    told = found(of)
    judged = LIMITS.judge(of)
    assert (told is None) is (judged.worst is None)
    if told is None:
        return
    bound = 95.0 if told.level is CRITICAL else 80.0
    known = [(minute(n), value) for n, value in enumerate(points) if value is not None]
    assert all(value >= bound for t, value in known if t >= told.since)
    before = [(t, value) for t, value in known if t < told.since]
    if told.is_seen:
        assert before[-1][1] < bound
    else:
        assert not before or told.since - before[-1][0] > HOLE_MS
