"""Every part fits at every size, and the sizes people have show what they should."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.screen.resource_screen.shape import Shape, facts_room, shaped


def shape(
    size: tuple[int, int], charts: int = 1, events: int = 9, *, ghosts: bool = False, unlike: bool = False
) -> Shape:
    facts = facts_room(size[1])
    return shaped(size, facts, (charts, events), ghosts=ghosts, unlike_first=unlike)


@given(
    st.tuples(st.integers(24, 300), st.integers(4, 100)),
    st.integers(1, 5),
    st.integers(0, 50),
    st.booleans(),
    st.booleans(),
)
def test_nothing_is_larger_than_the_screen(
    size: tuple[int, int], charts: int, events: int, ghosts: bool, unlike: bool
) -> None:
    (columns, rows), made = size, shape(size, charts, events, ghosts=ghosts, unlike=unlike)
    body = rows - 2 - made.facts
    below = made.line + made.events
    assert made.values or made.unlike
    if made.beside:
        assert made.lists <= columns - 40
        assert made.unlike < body
        assert below + 5 * made.charts <= body
    elif made.charts:
        assert made.lists + below + 4 * made.charts <= body
    else:
        assert rows < 16


@pytest.mark.parametrize(
    ("size", "beside", "charts", "facts"),
    [
        ((79, 20), False, 1, 2),
        ((60, 12), False, 0, 1),
        ((80, 24), False, 1, 2),
        ((120, 40), True, 1, 6),
        ((200, 50), True, 1, 6),
    ],
)
def test_lists_stand_beside_the_charts_where_there_is_the_width(
    size: tuple[int, int], beside: bool, charts: int, facts: int
) -> None:
    made = shape(size)
    assert (made.beside, made.charts, made.facts) == (beside, charts, facts)


def test_two_that_are_compared_have_a_chart_each_even_in_half_a_window() -> None:
    assert shape((79, 20), 2).charts == 2
    assert shape((200, 50), 3).charts == 3


def test_where_only_one_list_has_room_it_takes_the_others_place() -> None:
    assert (shape((80, 24), ghosts=True).values, shape((80, 24), ghosts=True).unlike) == (True, 0)
    turned = shape((80, 24), ghosts=True, unlike=True)
    assert not turned.values
    assert turned.unlike > 3
    both = shape((120, 40), ghosts=True)
    assert both.values
    assert both.unlike > 3


def test_events_take_no_more_than_there_are() -> None:
    assert shape((120, 40), events=0).events == 2
    assert shape((120, 40), events=2).events == 3
    assert shape((80, 24)).events == 0
