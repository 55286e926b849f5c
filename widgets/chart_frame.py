"""Where in its place does each part of a chart stand? Margins, rows, scale and the grid of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from widgets import draw, ticks
from widgets.chart_data import ChartData, Threshold
from widgets.plot import Point, Window, dots_per_cell
from widgets.ticks import Scale, Unit
from widgets.tone import Symbols

LABEL_CELLS = 7  # of a chart that is wide: the plot does not move when the labels grow by a digit
LONG_WORDS_FROM, WORDS_FROM = 60, 24  # widths
USUAL_WORDS, FEW_WORDS = (9, 16), (5, 10)  # cells for the words at the right: as a rule, and at most
FAR = 4  # a limit that is so many times beyond all that is shown would flatten it


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot is ``rows`` high and ``plot`` wide, with ``left`` cells of labels and ``right`` cells of words."""

    width: int
    height: int
    head: int  # lines above the plot
    marks: int  # lines below it, for what happened
    foot: int  # and for the clock
    left: int
    right: int
    scale: Scale
    window: Window

    @property
    def rows(self) -> int:
        return self.height - self.head - self.marks - self.foot

    @property
    def plot(self) -> int:
        return self.width - self.left - self.right

    def column(self, time: int) -> int | None:
        """The cell of the plot at a time; None outside it."""
        if not self.window.start <= time < self.window.end:
            return None
        return (time - self.window.start) * self.plot // (self.window.end - self.window.start)

    def row(self, value: float) -> int:
        """The row from the top; what lies outside is at the edge."""
        low, high = self.scale.low, self.scale.high
        inside = max(low, min(high, value))
        return round((high - inside) / (high - low) * (self.rows - 1))

    def is_inside(self, value: float) -> bool:
        return self.scale.low <= value <= self.scale.high


def framed(data: ChartData, size: tuple[int, int], symbols: Symbols) -> Frame | None:
    """None where there is nothing to frame: no point in the stretch, or no stretch."""
    width, height = size
    if data.end <= data.start or not within(data.points, data.start, data.end):
        return None  # before there is a scale to be made of them
    head = int(height > 2)
    foot = int(height >= 5 and width >= 20)
    marks = int(bool(data.marks) and foot and height >= 8)
    rows = height - head - foot - marks
    left, right = _margins(data, width, rows)
    start, end = _grid(data, width - left - right, symbols)
    if not within(data.points, start, end):
        return None
    scale = _scale(data, start, end, rows)
    return Frame(width, height, head, marks, foot, left, right, scale, Window(start, end, scale.low, scale.high))


def within(points: Sequence[Point], start: int, end: int) -> list[float]:
    return [value for time, value in points if value is not None and start <= time < end]


def longest_silence(points: Sequence[Point], every: int | None) -> int:
    """The longest that is no gap."""
    if every is not None:
        return every * 5 // 2
    steps = [after[0] - before[0] for before, after in pairwise(points)]
    return median_low(steps) * 5 // 2 if steps else 0


def _margins(data: ChartData, width: int, rows: int) -> tuple[int, int]:
    """Cells for the labels at the left and the words of the limits at the right."""
    if width < 20 or rows < 2:
        return 0, 0
    scale = _scale(data, data.start, data.end, rows)
    needed = max(draw.width(scale.label(value)) for value in scale.values()) + 1
    left = max(needed, LABEL_CELLS) if width >= 40 else needed
    longest = max((draw.width(limit.word) for limit in data.thresholds), default=0)
    worded = data.aligned or longest > 0
    usual, most = USUAL_WORDS if width >= LONG_WORDS_FROM else FEW_WORDS
    right = max(usual, 0 if data.aligned else min(most, longest + 1)) if worded and width >= WORDS_FROM else 0
    return (left, right) if left + right <= width // 2 else (0, 0)


def _grid(data: ChartData, width: int, symbols: Symbols) -> tuple[int, int]:
    """The window on a grid of whole cells, so that a line once drawn shifts as it is and does not shimmer."""
    cell = max(1, -(-(data.end - data.start) // width))
    cell += -cell % dots_per_cell(symbols)[0]
    end = -(-data.end // cell) * cell
    return end - cell * width, end


def _scale(data: ChartData, start: int, end: int, rows: int) -> Scale:
    unit = Unit.of(data.unit)
    values = within(data.points, start, end)
    values += [value for ghost in data.ghosts for value in within(ghost.points, start, end)]
    low, high = min(*values, 0.0, 0.0), max(*values, 0.0, 0.0)
    near = [limit.value for limit in data.thresholds if _is_near(limit, data.thresholds, low, high, unit)]
    return ticks.scale(min(low, *near, 0.0), max(high, *near, 0.0), unit, max(1, rows // 3))


def _is_near(limit: Threshold, limits: Sequence[Threshold], low: float, high: float, unit: Unit) -> bool:
    """Whether it is worth its place on the scale: one that is far off would flatten what was measured."""
    if unit is Unit.PERCENT and 0 <= limit.value <= 100:
        return True
    reach = max(-low, high)
    if reach == 0:  # nothing to flatten: the nearest limit says what much would be
        return abs(limit.value) == min(abs(each.value) for each in limits)
    return abs(limit.value) <= FAR * reach
