"""Back and forward: what was gone to is found again in its order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from console.screen.trail import KEPT, Place, Trail

HOME, BOARD, EVENTS = Place("overview"), Place("board", Safe("orders")), Place("events")
PLACES = st.sampled_from((HOME, BOARD, EVENTS, Place("board", Safe("billing"))))


def test_back_and_forward_again() -> None:
    trail = Trail((HOME,)).gone(BOARD).gone(EVENTS)
    assert trail.moved(-1).here == BOARD
    assert trail.moved(-1).moved(-1).moved(-1).here == HOME
    assert trail.moved(-2).moved(1).moved(1).moved(1).here == EVENTS


def test_going_somewhere_new_forgets_what_lay_ahead() -> None:
    trail = Trail((HOME,)).gone(BOARD).moved(-1).gone(EVENTS)
    assert trail.places == (HOME, EVENTS)
    assert trail.moved(1).here == EVENTS


def test_leaving_goes_over_all_that_was_looked_at_on_the_same_screen() -> None:
    trail = Trail((HOME,)).gone(BOARD).gone(Place("board", Safe("billing"))).gone(Place("board", Safe("carts")))
    assert trail.left().here == HOME
    assert trail.gone(EVENTS).left().here == Place("board", Safe("carts"))


def test_where_one_is_already_is_no_step() -> None:
    assert Trail((HOME,)).gone(BOARD).gone(BOARD).places == (HOME, BOARD)


@given(st.lists(st.one_of(PLACES, st.integers(-3, 3)), max_size=200))
def test_wherever_one_goes_one_is_somewhere_and_the_trail_stays_short(steps: list[Place | int]) -> None:
    trail = Trail((HOME,))
    for step in steps:
        before = trail
        trail = trail.moved(step) if isinstance(step, int) else trail.gone(step)
        assert 0 <= trail.at < len(trail.places) <= KEPT
        if isinstance(step, Place):
            assert trail.here == step
            assert step == before.here or trail.moved(-1).here == before.here
