"""Counters of the demo: the same for whoever asks, in whatever order, and never falling."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.demo.sqlserver.counted import Counted

START = 1_000.0


def rates(t: float) -> dict[str, float]:
    return {"steady": 2.0, "late": 0.0 if t < START + 10 else 100.0}


@given(st.lists(st.floats(START, START + 40), min_size=2, max_size=12))
def test_the_order_of_asking_changes_nothing(times: list[float]) -> None:
    shared = Counted(rates, START - 50, START)
    for t in times:
        assert shared.at(t) == pytest.approx(Counted(rates, START - 50, START).at(t))
    totals = [Counted(rates, START - 50, START).at(t)["late"] for t in sorted(times)]
    assert all(before <= after for before, after in pairwise(totals))


def test_what_was_before_the_play_counts_as_at_its_beginning() -> None:
    assert Counted(rates, START - 50, START).at(START)["steady"] == 100.0


def test_what_begins_in_the_play_begins_at_nothing() -> None:
    counted = Counted(rates, START + 20, START)
    assert counted.at(START + 20) == {"steady": 0.0, "late": 0.0}
    assert counted.at(START + 21.5) == {"steady": 3.0, "late": 150.0}
