"""Nobody was here for a while: actions are locked, and a key does not unlock them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from console.access.idle import ACTS_FOR, Idle
from console.access.moment import Moment, age

NIGHT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def after(minutes: float, monotonic: float | None = None) -> Moment:
    return Moment(NIGHT + timedelta(minutes=minutes), (minutes if monotonic is None else monotonic) * 60)


def test_actions_are_locked_after_ten_minutes_without_a_key() -> None:
    idle = Idle(after(0))
    assert idle.why_locked(after(9.99)) is None
    said = idle.why_locked(after(10))
    assert said is not None
    assert said.what == "Actions are locked: nobody was here for 10 min."
    assert said.seen == "the last key came 10 min ago"


def test_a_key_in_time_keeps_them_and_one_that_comes_too_late_does_not_bring_them_back() -> None:
    kept = Idle(after(0)).key(after(9)).key(after(18))
    assert kept.why_locked(after(27)) is None
    late = Idle(after(0)).key(after(11))
    assert late.why_locked(after(11)) is not None
    assert late.key(after(12)).why_locked(after(12)) is not None
    assert late.unlocked(after(13)).why_locked(after(22)) is None


def test_a_machine_that_slept_and_a_clock_that_was_set_back_hide_nothing() -> None:
    assert Idle(after(0)).why_locked(after(60, monotonic=0)) is not None
    assert Idle(after(0)).why_locked(after(-60, monotonic=10)) is not None
    assert age(after(0), after(-60, monotonic=3)) == timedelta(minutes=3)


@given(st.lists(st.floats(0, 30), max_size=20))
def test_whatever_the_keys_they_are_unlocked_only_if_no_pause_was_too_long(pauses: list[float]) -> None:
    idle, now, longest = Idle(after(0)), 0.0, 0.0
    for pause in pauses:
        before, now = now, now + pause
        longest = max(longest, age(after(before), after(now)) / timedelta(minutes=1))
        idle = idle.key(after(now))
    assert (idle.why_locked(after(now)) is None) == (longest < ACTS_FOR / timedelta(minutes=1))
