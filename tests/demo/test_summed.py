"""What has gathered is bounded, goes on without jumps, and is the same in any order of questions."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.demo.summed import MOST_KEPT, Summed


def above_zero(gathered: float) -> float:
    return max(0.0, gathered)


def wave(t: float) -> float:
    return 1.0 if int(t) // 100 % 3 == 0 else -0.5


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=20))
def test_the_order_of_questions_is_nothing_to_it(times: list[float]) -> None:
    one = Summed(wave, 20, 30)
    forth = {t: one.at(t, 0.0, above_zero) for t in times}
    assert {t: Summed(wave, 20, 30).at(t, 0.0, above_zero) for t in reversed(times)} == forth


def test_a_steady_rate_gathers_for_as_long_as_it_looks_back() -> None:
    assert Summed(lambda _: 2.0, 20, 30).at(1_000_000, 0.0, above_zero) == 2.0 * 600
    assert Summed(lambda _: 2.0, 20, 30).at(1_000_005, 0.0, above_zero) == 2.0 * 605
    assert Summed(lambda _: -2.0, 20, 30).at(1_000_000, 7.0, above_zero) == 0


@given(st.floats(1000, 1e6), st.floats(0, 5))
def test_it_does_not_jump_within_a_step(t: float, later: float) -> None:
    one = Summed(wave, 20, 1_000)  # far enough back that nothing of what falls out is left
    step = t - t % 20
    first, second = (one.at(step + part, 0.0, above_zero) for part in (min(t - step, 14), min(t - step, 14) + later))
    assert abs(second - first) <= later + 1e-6


def test_what_was_kept_and_let_go_is_worked_out_again() -> None:
    asked: list[float] = []

    def rate(t: float) -> float:
        asked.append(t)
        return wave(t)

    one = Summed(rate, 20, 30)
    first = one.at(5000.0, 0.0, above_zero)
    count = len(asked)
    assert one.at(5010.0, 0.0, above_zero) == pytest.approx(first, abs=10)
    assert len(asked) == count  # the same edges
    for t in random.Random(1).sample(range(10_000, 900_000), MOST_KEPT):
        one.at(float(t), 0.0, above_zero)
    count = len(asked)
    assert one.at(5000.0, 0.0, above_zero) == first
    assert len(asked) > count  # the memory is bounded
