"""Which characters make the line? A pure rasteriser: points in, rows of text out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from widgets.tone import Symbols

Point = tuple[int, float | None]  # time in ms, and None where the source had no data

_BRAILLE_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # by row and column of the cell
_EIGHTHS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Window:
    """What part of the world the plot shows. Times are from ``start`` up to, not including, ``end``."""

    start: int
    end: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Extent:
    """What one column shows: everything between the least and the most, in rows of dots from the bottom."""

    low: int
    high: int


def dots_per_cell(symbols: Symbols) -> tuple[int, int]:
    """How finely a cell is divided: columns and rows."""
    return {Symbols.BRAILLE: (2, 4), Symbols.BLOCK: (1, 8), Symbols.ASCII: (1, 1)}[symbols]


def dot(row: int, column: int) -> int:
    """The character whose only dot is there, rows from the top; characters are put together by `|`."""
    return 0x2800 | _BRAILLE_DOTS[row][column]


def plot(points: Sequence[Point], window: Window, size: tuple[int, int], gap: int, symbols: Symbols) -> list[str]:
    """The rows from top to bottom, each as wide as asked.

    A silence of more than ``gap`` ms, or a None, is left blank: nothing is drawn where nothing was observed.
    """
    width, height = size
    across, up = dots_per_cell(symbols)
    extents = columns(points, window, (width * across, height * up), gap)
    if symbols is Symbols.BRAILLE:
        return _braille(extents, width, height)
    return _filled(extents, width, height, up) if symbols is Symbols.BLOCK else _ascii(extents, width, height)


def columns(points: Sequence[Point], window: Window, size: tuple[int, int], gap: int) -> dict[int, Extent]:
    """Each column of dots that has something to show; extremes within a column are kept, whatever their number."""
    width, height = size
    found: dict[int, Extent] = {}

    def reach(column: int, low: int, high: int) -> None:
        seen = found.get(column)
        found[column] = Extent(min(low, seen.low), max(high, seen.high)) if seen else Extent(low, high)

    before: tuple[int, int, int] | None = None  # time, column, row of the point that the line comes from
    for time, value in points:
        if value is None:
            before = None
            continue
        if not window.start <= time < window.end:
            continue
        column = (time - window.start) * width // (window.end - window.start)
        row = _row(value, window, height)
        reach(column, row, row)
        if before and time - before[0] <= gap:
            for at, low, high in _line(before[1], before[2], column, row):
                reach(at, low, high)
        before = time, column, row
    return found


def _row(value: float, window: Window, height: int) -> int:
    """The row of dots; what lies outside the window is drawn at its edge."""
    share = (value - window.low) / (window.high - window.low)
    return max(0, min(height - 1, round(share * (height - 1))))


def _line(x1: int, y1: int, x2: int, y2: int) -> Iterator[tuple[int, int, int]]:
    """The columns between two points with the rows that join them, half of each step in either column."""
    if x1 == x2:
        yield x1, min(y1, y2), max(y1, y2)
        return
    last = y1
    for x in range(x1 + 1, x2 + 1):
        row = y1 + round((y2 - y1) * (x - x1) / (x2 - x1))
        middle = (last + row) // 2
        yield x - 1, min(last, middle), max(last, middle)
        yield x, min(row, middle), max(row, middle)
        last = row


def _braille(extents: dict[int, Extent], width: int, height: int) -> list[str]:
    masks = [[0] * width for _ in range(height)]
    for column, extent in extents.items():
        for dot in range(extent.low, extent.high + 1):
            top = height * 4 - 1 - dot
            masks[top // 4][column // 2] |= _BRAILLE_DOTS[top % 4][column % 2]
    return ["".join(chr(0x2800 + mask) if mask else " " for mask in row) for row in masks]


def _filled(extents: dict[int, Extent], width: int, height: int, up: int) -> list[str]:
    """Columns filled from the bottom to the most: eighths of a cell can only be stacked."""
    rows: list[str] = []
    for row in range(height):
        base = (height - 1 - row) * up
        rows.append(
            "".join(
                _EIGHTHS[max(0, min(up, extents[column].high + 1 - base))] if column in extents else " "
                for column in range(width)
            )
        )
    return rows


def _ascii(extents: dict[int, Extent], width: int, height: int) -> list[str]:
    rows = [[" "] * width for _ in range(height)]
    for column, extent in extents.items():
        for row in range(extent.low, extent.high + 1):
            rows[height - 1 - row][column] = "*" if row in {extent.low, extent.high} else "|"
    return ["".join(row) for row in rows]
