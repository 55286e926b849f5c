from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.replication import NOT_MEASURED, Distance
from collectors.redis.written import MOST, Written

steps = st.lists(st.tuples(st.floats(0.1, 100), st.integers(0, 10**9)), min_size=1, max_size=40)


def grown(steps: list[tuple[float, int]], t: float = 1000.0) -> tuple[Written, list[tuple[float, int]]]:
    written, at, marks = Written("a"), 0, []
    for pause, more in steps:
        t, at = t + pause, at + more
        written.note(t, at)
        marks.append((t, at))
    return written, marks


@given(steps, st.data())
def test_a_copy_that_has_what_the_primary_had_at_a_look_is_as_old_as_that_look_or_newer(
    steps: list[tuple[float, int]], data: st.DataObject
) -> None:
    written, marks = grown(steps)
    t, offset = data.draw(st.sampled_from(marks))
    now = marks[-1][0] + data.draw(st.floats(0, 5))
    found = written.behind(offset, now)
    assert found.seconds is not None
    assert not found.at_least
    assert found.bytes == marks[-1][1] - offset
    assert found.seconds <= now - t + 1e-6
    if offset == marks[-1][1]:
        assert found == Distance(seconds=0.0, bytes=0)


@given(steps, st.data())
def test_who_has_less_is_older(steps: list[tuple[float, int]], data: st.DataObject) -> None:
    written, marks = grown(steps)
    now, newest = marks[-1][0], marks[-1][1]
    less, more = sorted(data.draw(st.tuples(*[st.integers(0, newest)] * 2)))
    older, newer = written.behind(less, now), written.behind(more, now)
    if older.seconds is not None and newer.seconds is not None and not older.at_least:
        assert older.seconds >= newer.seconds - 1e-6


@given(st.integers(1, 10_000))
def test_an_idle_primary_makes_nobody_older(idle_s: int) -> None:
    written = Written("a")
    written.note(0, 500)
    written.note(idle_s, 500)
    assert written.behind(500, idle_s) == Distance(seconds=0.0, bytes=0)
    written.note(idle_s + 5, 900)
    assert written.behind(500, idle_s + 5) == Distance(seconds=5.0, bytes=400)


def test_what_lies_before_the_first_look_is_measured_by_the_pace_since() -> None:
    written = Written("a")
    written.note(100, 1000)
    assert written.behind(500, 100) == Distance(bytes=500)  # one look has no pace
    written.note(105, 1500)
    assert written.behind(500, 105) == Distance(seconds=10.0, bytes=1000)


def test_where_it_does_not_move_it_is_only_known_that_it_is_longer_ago() -> None:
    written = Written("a")
    written.note(100, 1000)
    written.note(105, 1000)
    assert written.behind(500, 105) == Distance(seconds=5.0, bytes=500, at_least=True)


def test_what_goes_back_begins_anew_and_what_was_never_seen_tells_nothing() -> None:
    written = Written("a")
    assert written.behind(5, 0) == NOT_MEASURED
    written.note(100, 1000)
    written.note(105, 10)
    assert written.newest is not None
    assert (written.newest.offset, written.behind(10, 105).seconds) == (10, 0.0)
    for second in range(2 * MOST):
        written.note(200 + second, 1000 + second)
    assert written.behind(1000 + MOST, 200 + 2 * MOST).seconds == MOST
