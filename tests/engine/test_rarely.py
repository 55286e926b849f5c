"""Many databases: how often is one asked that nobody looks at?"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from console.engine.insiders import FEW, PASSES_PER_S, rarely


@given(st.integers(0, FEW), st.integers(1, 20))
def test_a_few_are_all_asked_as_usual(databases: int, collectors: int) -> None:
    assert rarely(databases, collectors) is None


@given(st.integers(FEW + 1, 5000), st.integers(1, 20))
def test_many_are_never_more_than_we_can_bear(databases: int, collectors: int) -> None:
    pace = rarely(databases, collectors)
    assert pace is not None
    assert pace >= timedelta(minutes=1)
    assert databases * collectors / pace.total_seconds() <= PASSES_PER_S * 1.001
