"""Which stretch of time is seen? Zoom in steps, pan as far as the history reaches, and a cursor within."""

from __future__ import annotations

from datetime import tzinfo

from collectors.safe import Safe, sanitise
from console.screen.view import Window
from console.times import clock, span, zone_mark

MINUTE_MS = 60_000
STEPS_MS = tuple(minutes * MINUTE_MS for minutes in (5, 10, 15, 30, 60, 120, 180))
REACH_MS = STEPS_MS[-1]  # so far back a history is kept
CURSOR_STEPS = 60  # from one end of the stretch to the other


def stretch(window: Window, now: int) -> tuple[int, int]:
    """From when, and up to when."""
    end = now - window.back_ms
    return end - window.span_ms, end


def zoomed(window: Window, steps: int, now: int, cursor: int | None = None) -> Window:
    """A longer stretch (positive) or a shorter one, around the cursor where there is one, else with the same end."""
    nearest = min(range(len(STEPS_MS)), key=lambda index: abs(STEPS_MS[index] - window.span_ms))
    span_ms = STEPS_MS[max(0, min(len(STEPS_MS) - 1, nearest + steps))]
    back = window.back_ms if cursor is None else now - cursor - span_ms // 2
    return Window(span_ms, max(0, min(back, REACH_MS - span_ms)))


def panned(window: Window, halves: int) -> Window:
    """By half of what is seen: back in time (negative) or towards now."""
    back = window.back_ms - halves * window.span_ms // 2
    return Window(window.span_ms, max(0, min(back, REACH_MS - window.span_ms)))


def moved(cursor: int | None, steps: int, window: Window, now: int) -> int | None:
    """The cursor one place on; None when it leaves at the end, where there is nothing to read that is not said."""
    start, end = stretch(window, now)
    stride = window.span_ms // CURSOR_STEPS
    if cursor is None or not start <= cursor < end:
        cursor = end if steps < 0 else start - stride if cursor is not None and cursor < start else end
    at = (cursor // stride + steps) * stride
    if at + stride > end:
        return None
    return max(-(-start // stride) * stride, at)


def words(window: Window, now: int, zone: tzinfo) -> Safe:
    """`1h to now`, or from when to when."""
    start, end = stretch(window, now)
    if not window.back_ms:
        return sanitise(f"{span(window.span_ms / 1000)} to now")
    return sanitise(f"{clock(start, zone)[:5]} to {clock(end, zone)[:5]}{zone_mark(end, zone)}, not now: = returns")
