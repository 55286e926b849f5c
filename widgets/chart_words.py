"""What does a chart say in words? Its title with where it stands, the read-out at the cursor, what happened when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from collectors.safe import Safe, sanitise
from widgets import draw, ticks
from widgets.chart_data import ChartData, Mark
from widgets.chart_frame import Frame, longest_silence, within
from widgets.draw import Align, Run
from widgets.plot import Point
from widgets.ticks import Unit
from widgets.tone import Symbols, Tone

LEAST_TITLE = 16
PRESENT_MS = 300_000  # CloudWatch is minutes late; what is older than that is not how it is now


def title(data: ChartData, frame: Frame | None, width: int, symbols: Symbols) -> list[Run]:
    """What it is and where it stands, or what it was at the cursor. What does not fit goes, from the right."""
    parts = [] if frame is None else _stand(data, frame) if data.cursor is None else readout(data, data.cursor, frame)
    while parts and width - draw.runs_width(parts) < min(LEAST_TITLE, draw.width(data.title)):
        last, tone = parts.pop()
        room = width - draw.runs_width(parts) - LEAST_TITLE
        if tone is not Tone.DIM and len(parts) > 1 and room > 12:  # what happened is worth its beginning
            parts.append((draw.cut(last, room, symbols.ellipsis), tone))
            break
    return [(draw.cut(data.title, width - draw.runs_width(parts), symbols.ellipsis), Tone.TITLE), *parts]


def _stand(data: ChartData, frame: Frame) -> list[Run]:
    values = within(data.points, frame.window.start, frame.window.end)
    say = _sayer(values, data.unit)
    newest = max(time for time, value in data.points if value is not None and time < frame.window.end)
    is_over = data.is_past or data.end - newest > PRESENT_MS
    parts = [(Safe(f"  {'last' if is_over else 'now'} {say(values[-1])}"), Tone.DIM)]
    parts.append((Safe(f"  max {say(max(values))}"), Tone.DIM))
    seen = (ghost for ghost in data.ghosts if within(ghost.points, frame.window.start, frame.window.end))
    parts += [(Safe(f"  {ghost.word} {'dashed' if ghost.dashed else 'dotted'}"), Tone.DIM) for ghost in seen]
    unseen = (limit for limit in data.thresholds if limit.word and not frame.is_inside(limit.value))
    parts += [
        (Safe(f"  {limit.word} at {_sayer([limit.value], data.unit)(limit.value)}"), Tone.DIM) for limit in unseen
    ]
    return parts


def readout(data: ChartData, cursor: int, frame: Frame) -> list[Run]:
    """The time, the value there, what the ghosts were, and what happened."""
    cell = (frame.window.end - frame.window.start) // max(1, frame.plot)
    say = _sayer(within(data.points, frame.window.start, frame.window.end), data.unit)
    value = nearest(data.points, cursor, max(cell, longest_silence(data.points, data.every) // 2))
    moment = datetime.fromtimestamp(cursor / 1000, data.zone).strftime("%H:%M:%S")
    parts = [(Safe(f"  {moment}"), Tone.PLAIN)]
    parts.append((Safe(f"  {'no data' if value is None else say(value)}"), Tone.TITLE))
    happened = [mark for mark in data.marks if frame.column(mark.time) == frame.column(cursor)]
    for mark in sorted(happened, key=lambda mark: not mark.is_grave)[:1]:
        more = f" (and {len(happened) - 1} more)" if len(happened) > 1 else ""
        parts.append((sanitise(f"  {_sign([mark])} {mark.text}{more}"), mark.tone if mark.is_grave else Tone.PLAIN))
    ghosts: list[Run] = []
    for ghost in data.ghosts:
        was = nearest(ghost.points, cursor, max(cell, longest_silence(ghost.points, None) // 2))
        ghosts.append((Safe(f"  {ghost.word} {'no data' if was is None else say(was)}"), Tone.DIM))
    return [*parts[:2], *ghosts, *parts[2:]]


def nearest(points: Sequence[Point], time: int, reach: int) -> float | None:
    """The value that was observed closest to a time, and not further away than ``reach``."""
    close = [(abs(at - time), value) for at, value in points if value is not None and abs(at - time) <= reach]
    return min(close)[1] if close else None


def labels(frame: Frame) -> dict[int, Safe]:
    """The row of the plot that each value of the scale stands on."""
    return {frame.row(value): frame.scale.label(value) for value in frame.scale.values()}


def label(text: Safe, cells: int, symbols: Symbols) -> list[Run]:
    return [(Safe(draw.fit(text, cells - 1, symbols.ellipsis, Align.RIGHT) + " "), Tone.DIM)] if cells else []


def limit_words(data: ChartData, frame: Frame, symbols: Symbols) -> dict[int, Run]:
    """At the right end of each limit how grave it is."""
    words: dict[int, Run] = {}
    for limit in reversed(data.thresholds):
        if frame.right and limit.word and frame.is_inside(limit.value):
            short = draw.cut(limit.word, frame.right - 1, symbols.ellipsis)
            words[frame.row(limit.value)] = (Safe(f" {short}"), limit.tone)
    return words


def mark_line(data: ChartData, frame: Frame) -> list[tuple[str, Tone]]:
    """Cell by cell: `^` where something happened, `!` where it was grave, a number where there were several."""
    cells = [(" ", Tone.PLAIN)] * (frame.left + frame.plot)
    for column, there in _by_column(data.marks, frame).items():
        tone = next((mark.tone for mark in there if mark.is_grave), Tone.PLAIN)
        cells[frame.left + column] = _sign(there), tone
    return cells


def time_line(data: ChartData, frame: Frame) -> list[Run]:
    """The clock below the cells it belongs to; where there is no line for them, with the marks among it."""
    cells = [" "] * frame.width
    marks = {} if frame.marks else _by_column(data.marks, frame)
    free = 0
    for ms, words in ticks.times(frame.window.start, frame.window.end, frame.plot, data.zone):
        x = frame.left + (frame.column(ms) or 0)
        hidden = any(x - 1 <= frame.left + column <= x + len(words) for column in marks)
        if x >= free and x + len(words) <= len(cells) and not hidden:
            cells[x : x + len(words)] = words
            free = x + len(words) + 2
    for column, there in marks.items():
        cells[frame.left + column] = _sign(there)
    return [(Safe("".join(cells)), Tone.DIM)]


def _by_column(marks: Sequence[Mark], frame: Frame) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = {}
    for mark in marks:
        column = frame.column(mark.time)
        if column is not None:
            found.setdefault(column, []).append(mark)
    return found


def _sign(marks: Sequence[Mark]) -> str:
    if len(marks) > 1:
        return str(min(9, len(marks)))
    return "!" if marks[0].is_grave else "^"


def _sayer(values: Sequence[float], unit: Safe) -> Callable[[float], Safe]:
    """How a value is read out: exact enough to tell these apart, and of a rate that it is one."""
    scale = ticks.scale(min(*values, 0.0, 0.0), max(*values, 0.0, 0.0), Unit.of(unit), 100)
    rate = "/s" if unit.lower().endswith(("/s", "/second")) else ""
    return lambda value: Safe(f"{scale.label(value)}{rate}")
