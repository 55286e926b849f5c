"""A page life is bad news by how it fell and for how much memory, never by a bare number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.memory import PageLife
from collectors.page_life import PageLifePast

GIB_KB = 1024 * 1024


def judged(*values: tuple[float, float], gib: int = 4) -> PageLife:
    past = PageLifePast()
    found = [past.judge(t, life, gib * GIB_KB) for t, life in values]
    return found[-1]


@pytest.mark.parametrize(
    ("gib", "life", "expected"),
    [
        (4, 301, PageLife.FINE),
        (4, 299, PageLife.SHORT),
        (100, 7_499, PageLife.SHORT),  # though 300 would have been thought fine
        (100, 7_501, PageLife.FINE),
        (1, 80, PageLife.FINE),
    ],
)
def test_it_is_short_for_so_much_memory(gib: int, life: float, expected: PageLife) -> None:
    assert judged((0, life), gib=gib) is expected


def test_it_fell_by_half_within_minutes() -> None:
    assert judged((0, 20_000), (60, 15_000), (120, 9_900)) is PageLife.FELL
    assert judged((0, 20_000), (60, 15_000), (120, 10_100)) is PageLife.FINE


def test_a_slow_fall_is_none() -> None:
    assert judged(*((60.0 * n, 20_000.0 - 300 * n) for n in range(38))) is PageLife.FINE


def test_what_was_longer_ago_does_not_count() -> None:
    assert judged((0, 20_000), (301, 9_000)) is PageLife.FINE


@given(st.lists(st.floats(0, 10**6), min_size=1, max_size=20))
def test_a_rise_is_never_a_fall(values: list[float]) -> None:
    past = PageLifePast()
    rising = (past.judge(15.0 * n, life, GIB_KB) for n, life in enumerate(sorted(values)))
    assert PageLife.FELL not in rising
