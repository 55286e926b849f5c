"""A line that is full only when all is done, with its figure, in as many cells as there are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.draw import width
from widgets.gauge import gauge
from widgets.tone import Symbols


def test_it_looks_as_full_as_it_is() -> None:
    assert gauge(50, 20, Symbols.ASCII) == "######.......  50 %"
    assert gauge(50, 20, Symbols.BRAILLE) == "██████░░░░░░░  50 %"


def test_it_is_not_full_before_the_end() -> None:
    assert "." in gauge(99.9, 30, Symbols.ASCII)
    assert "99 %" in gauge(99.9, 30, Symbols.ASCII)
    assert "." not in gauge(100, 30, Symbols.ASCII)


@given(st.floats(-1e9, 1e9), st.integers(12, 300), st.sampled_from(Symbols))
def test_it_never_takes_more_than_its_room(percent: float, cells: int, symbols: Symbols) -> None:
    assert width(gauge(percent, cells, symbols)) <= cells


def test_where_there_is_no_room_for_a_line_the_figure_stands_alone() -> None:
    assert gauge(42, 9, Symbols.ASCII) == "42 %"
