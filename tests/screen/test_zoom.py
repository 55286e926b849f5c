"""Zoom and pan never show a stretch that no history reaches, and the cursor stays within it."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from console.screen.view import Window
from console.screen.zoom import MINUTE_MS, REACH_MS, STEPS_MS, moved, panned, stretch, words, zoomed

NOW = 1_773_223_200_000  # 10:00 UTC
HOUR = 60 * MINUTE_MS
keys = st.lists(st.sampled_from("+-<>,."), max_size=60)


@given(keys)
def test_whatever_is_pressed_the_stretch_is_within_reach_and_the_cursor_within_the_stretch(pressed: list[str]) -> None:
    window, cursor = Window(), None
    for key in pressed:
        if key in "+-":
            window = zoomed(window, -1 if key == "+" else 1, NOW, cursor)
        elif key in "<>":
            window = panned(window, -1 if key == "<" else 1)
        else:
            cursor = moved(cursor, -1 if key == "," else 1, window, NOW)
            assert cursor is None or stretch(window, NOW)[0] <= cursor < stretch(window, NOW)[1]
        assert window.span_ms in STEPS_MS
        assert window.back_ms >= 0
        assert window.back_ms + window.span_ms <= REACH_MS


def test_zooming_goes_from_five_minutes_to_three_hours() -> None:
    window = Window()
    for _ in range(10):
        window = zoomed(window, -1, NOW)
    assert window.span_ms == 5 * MINUTE_MS
    for _ in range(10):
        window = zoomed(window, 1, NOW)
    assert window.span_ms == 3 * HOUR


def test_zooming_keeps_what_the_cursor_is_on_in_sight() -> None:
    window, cursor = Window(), NOW - 40 * MINUTE_MS
    for _ in range(3):
        window = zoomed(window, -1, NOW, cursor)
        start, end = stretch(window, NOW)
        assert start <= cursor < end


def test_panning_there_and_back_ends_where_it_began() -> None:
    assert panned(panned(Window(), -1), 1) == Window()
    assert panned(Window(), 1) == Window(), "there is nothing after now"


def test_the_cursor_starts_at_the_newest_and_leaves_there() -> None:
    first = moved(None, -1, Window(), NOW)
    assert first == NOW - MINUTE_MS
    assert moved(first, -1, Window(), NOW) == NOW - 2 * MINUTE_MS
    assert moved(first, 1, Window(), NOW) is None


def test_the_stretch_is_said_in_words_and_in_the_zone() -> None:
    assert words(Window(), NOW, UTC) == "1h to now"
    past = Window(30 * MINUTE_MS, 15 * MINUTE_MS)
    assert words(past, NOW, UTC).startswith("09:15 to 09:45Z, not now")
    assert words(past, NOW, timezone(timedelta(hours=2))).startswith("11:15 to 11:45+02:00")
