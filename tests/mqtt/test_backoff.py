"""Longer each time, never long, and never for all at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.mqtt.backoff import FIRST_S, MOST_S, pause_s


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_pause_is_some_time_and_at_most_five_seconds(failures: int, chance: float) -> None:
    assert FIRST_S / 2 <= pause_s(failures, chance) <= MOST_S == 5
    assert pause_s(failures + 1, chance) >= pause_s(failures, chance)


def test_who_fails_together_does_not_come_back_together() -> None:
    assert len({pause_s(5, chance / 10) for chance in range(10)}) == 10
