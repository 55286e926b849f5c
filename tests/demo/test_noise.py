from __future__ import annotations

import statistics

from hypothesis import given
from hypothesis import strategies as st

from console.demo.noise import bump, key, smooth, uniform

sources = st.integers(0, 2**64 - 1)
times = st.floats(0, 5e9)


@given(sources, st.integers(-(10**12), 10**12))
def test_chance_has_one_answer_for_each_question(source: int, n: int) -> None:
    assert 0.0 <= uniform(source, n) < 1.0
    assert uniform(source, n) == uniform(source, n)


def test_chance_is_even_and_its_sources_are_independent() -> None:
    one, other = ([uniform(key("seed", name), n) for n in range(4000)] for name in ("a", "b"))
    assert abs(statistics.mean(one) - 0.5) < 0.02
    assert abs(statistics.pstdev(one) - 0.2887) < 0.02
    assert abs(statistics.correlation(one, other)) < 0.06
    assert abs(statistics.correlation(one[:-1], one[1:])) < 0.06


@given(sources, times, st.floats(1, 10_000))
def test_smooth_noise_is_bounded_and_does_not_jump(source: int, t: float, period: float) -> None:
    here, soon = smooth(source, t, period), smooth(source, t + period / 1000, period)
    assert -1.0 <= here <= 1.0
    assert abs(soon - here) < 0.01


@given(sources, times)
def test_a_rare_thing_rises_falls_and_is_rare(source: int, t: float) -> None:
    heights = [bump(source, t + 60 * n, slot=3600, chance=0.3, lasts=(120, 600)) for n in range(60 * 12)]
    assert all(0.0 <= height <= 1.0 for height in heights)
    assert sum(height > 0 for height in heights) <= 13 * 11  # at most one of ten minutes in each hour
    assert bump(source, t, slot=3600, chance=0.0, lasts=(120, 600)) == 0.0
