"""In no second more than may be, however it is asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.engine.pacing import MOST_PER_S
from console.engine.sharing.pace import Pace, Window
from console.engine.sharing.sharing import BESIDE

IOT_CORE_PER_S = 100
STEPS = st.lists(st.floats(0, 0.5), min_size=1, max_size=400)


@given(STEPS)
def test_no_second_has_more_turns_than_aws_iot_core_takes(steps: list[float]) -> None:
    window, now, turns = Window(MOST_PER_S + BESIDE), 1_000.0, list[float]()
    for step in steps:
        now += step
        now += window.wait_s(now)
        turns.append(now)
    for first, turn in enumerate(turns):
        assert sum(turn <= other < turn + 1 for other in turns[first:]) < IOT_CORE_PER_S


def test_what_is_said_at_once_is_not_held_back_by_an_even_pace() -> None:
    window = Window(4)
    assert [window.wait_s(1_000.5) for _ in range(6)] == [0, 0, 0, 0, 1, 1]
    assert [window.wait_s(1_003.0) for _ in range(2)] == [0, 0]


@given(STEPS)
def test_room_is_given_at_that_pace_and_no_more(steps: list[float]) -> None:
    pace, now, given_ = Pace(20, 20), 1_000.0, 0
    for step in steps:
        now += step / 100
        given_ += pace.has_room(now)
    assert given_ <= 20 + 20 * (now - 1_000.0) + 1

