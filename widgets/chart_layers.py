"""Which characters stand over the line or behind it? Limits, ghosts and the cursor, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collectors.safe import Safe
from widgets.chart_data import ChartData, Ghost
from widgets.chart_frame import Frame, longest_silence
from widgets.draw import Run
from widgets.plot import columns, dot, dots_per_cell
from widgets.tone import Symbols, Tone

Overlay = dict[int, tuple[str, Tone]]  # by column
FILLED = "█"  # the inside of a column, in which a ghost still shows


def plotted(data: ChartData, frame: Frame, lines: Sequence[str], symbols: Symbols) -> list[list[Run]]:
    """The rows of the plot: the line over ghosts over limits, and the cursor through all of them."""
    overlays: list[Overlay] = [{} for _ in range(frame.rows)]
    dash = "-" if symbols is Symbols.ASCII else "┄"
    for limit in reversed(data.thresholds):
        if frame.is_inside(limit.value):
            tone = Tone.LIMIT if limit.tone is Tone.BAD else limit.tone
            overlays[frame.row(limit.value)] = dict.fromkeys(range(frame.plot), (dash, tone))
    for ghost in reversed(data.ghosts):
        for x, y, sign in ghost_cells(ghost, frame, symbols):
            overlays[y][x] = sign, Tone.GHOST
    rows = [_merged(line, overlay) for line, overlay in zip(lines, overlays, strict=True)]
    at = frame.column(data.cursor) if data.cursor is not None else None
    if at is not None:
        stroke = "|" if symbols is Symbols.ASCII else "│"
        for row in rows:
            row[at] = (stroke, Tone.PLAIN) if row[at][1] is not Tone.ACCENT else (row[at][0], Tone.SELECTED)
    return [joined(row) for row in rows]


def ghost_cells(ghost: Ghost, frame: Frame, symbols: Symbols) -> Iterator[tuple[int, int, str]]:
    """One sign in each column that has a value: a dot in each, or dashes of two cells with two between them.

    The pattern is laid on the time, not on the screen, so that it moves with the ghost.
    """
    up = dots_per_cell(symbols)[1]
    gap = longest_silence(ghost.points, None)
    cell = (frame.window.end - frame.window.start) // frame.plot
    first = frame.window.start // cell
    for x, extent in columns(ghost.points, frame.window, (frame.plot, frame.rows * up), gap).items():
        if ghost.dashed and (first + x) // 2 % 2:
            continue
        middle = (extent.low + extent.high) // 2
        y = frame.rows - 1 - middle // up
        if symbols is Symbols.BRAILLE:
            row = up - 1 - middle % up
            sign = chr(dot(row, 0) | dot(row, 1)) if ghost.dashed else chr(dot(row, 0))
        else:
            sign = "=" if ghost.dashed else "."
        yield x, y, sign


def joined(cells: Sequence[tuple[str, Tone]]) -> list[Run]:
    """Neighbours of one tone as one run."""
    runs: list[Run] = []
    start = 0
    for x in range(1, len(cells) + 1):
        if x == len(cells) or cells[x][1] is not cells[start][1]:
            runs.append((Safe("".join(sign for sign, _ in cells[start:x])), cells[start][1]))
            start = x
    return runs


def _merged(line: str, overlay: Overlay) -> list[tuple[str, Tone]]:
    cells = [(sign, Tone.PLAIN if sign == " " else Tone.ACCENT) for sign in line]
    for x, (sign, tone) in overlay.items():
        if line[x] == " " or (line[x] == FILLED and tone is Tone.GHOST):
            cells[x] = sign, tone
    return cells
