"""What the leader shows: told when it changes, five times a second at most; and what a follower makes of it. Pure."""

from __future__ import annotations

from typing import Any

import pytest

from collectors.safe import Safe
from console.protocol.together import Lead
from console.screen.together.following import Following, window_of
from console.screen.together.leading import APART_S, DRIFT_MS, Leading, Shown
from console.screen.trail import Place
from console.screen.view import HOUR_MS, Window
from console.screen.zoom import REACH_MS

NOW = 1_773_223_200_000


def shown(row: str = "a", now_ms: int = NOW, back_ms: int = 0) -> Shown:
    return Shown(Place("waits", Safe("orders")), Safe(row), Window(300_000, back_ms), now_ms)


def test_it_is_told_once_and_the_next_one_not_too_soon() -> None:
    leading = Leading()
    assert leading.wait_s(shown(), 0.0) == 0.0
    leading.tell(shown(), 0.0)
    assert leading.wait_s(shown(now_ms=NOW + 10 * DRIFT_MS), 5.0) is None
    assert leading.wait_s(shown("b"), APART_S / 4) == pytest.approx(APART_S * 3 / 4)
    assert leading.wait_s(shown("b"), APART_S) == 0.0
    leading.forget()
    assert leading.wait_s(shown(), 1.0) == 0.0


def test_an_end_that_lies_back_is_told_again_as_the_present_moves() -> None:
    leading = Leading()
    assert leading.tell(shown(back_ms=60_000), 0.0)["end"] == NOW - 60_000
    assert leading.wait_s(shown(back_ms=60_000, now_ms=NOW + DRIFT_MS), 9.0) == 0.0
    assert shown().args()["end"] is None


def lead(**more: Any) -> Lead:
    return Lead.model_validate({"user": "alice", "screen": "A", "since": 0, **more})


@pytest.mark.parametrize(
    ("told", "window"),
    [
        ({}, Window(HOUR_MS, 0)),
        ({"window_ms": 300_000}, Window(300_000, 0)),
        ({"window_ms": 300_000, "end": NOW - 60_000}, Window(300_000, 60_000)),
        ({"window_ms": 300_000, "end": NOW + 60_000}, Window(300_000, 0)),
        ({"window_ms": 10 * REACH_MS, "end": 0}, Window(REACH_MS, 0)),
        ({"window_ms": 300_000, "end": 0}, Window(300_000, REACH_MS - 300_000)),
    ],
)
def test_the_same_stretch_of_time_within_what_there_is(told: dict[str, Any], window: Window) -> None:
    assert window_of(lead(**told), NOW) == window


def test_each_thing_that_is_shown_is_gone_to_once() -> None:
    following = Following(Safe("alice"))
    assert following.is_news(lead(selected="x"))
    assert following.row == "x"
    assert not following.is_news(lead(selected="x"))
    assert following.is_news(lead(user="bob"))
    assert following.user == "bob"
    assert following.row is None
