"""A chart: how did one value move over a window of time? One colour, with axes; what was not observed is blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from textual.geometry import Region

from collectors.safe import Safe
from widgets import draw, ticks
from widgets.draw import Align, Run
from widgets.drawn import Drawn
from widgets.plot import Point, Window, dots_per_cell, plot
from widgets.ticks import Scale, Unit
from widgets.tone import Look, Symbols, Tone


@dataclass(frozen=True, slots=True)
class Threshold:
    """A line across the chart: where a value begins to mean trouble."""

    value: float
    tone: Tone = Tone.WARN


@dataclass(frozen=True, slots=True)
class ChartData:
    """What to draw. Times are UTC in ms; ``unit`` is the source's name for it; ``every`` how often a point is due."""

    title: Safe
    unit: Safe
    points: tuple[Point, ...]
    start: int
    end: int
    every: int | None = None  # None: as far apart as most of the points are
    thresholds: tuple[Threshold, ...] = ()


class Chart(Drawn):
    """Title above, values at the left, times below; the smaller it is, the less of that."""

    DEFAULT_CSS = "Chart { min-height: 1; }"

    def __init__(
        self,
        *,
        look: Look | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(look=look, id=id, classes=classes)
        self._data: ChartData | None = None
        self._lines: tuple[tuple[Run, ...], ...] = ()

    def show(self, data: ChartData) -> None:
        """This from now on; painted only where the drawing differs."""
        self._data = data
        self._draw()

    def redraw(self) -> None:
        self._draw()
        self.refresh()

    def on_resize(self) -> None:
        self._draw()

    def runs(self, y: int) -> Sequence[Run]:
        return self._lines[y] if y < len(self._lines) else ()

    def _draw(self) -> None:
        size = (self.size.width, self.size.height)
        shown = drawing(self._data, size, self.look.symbols) if self._data and all(size) else []
        lines = tuple(map(tuple, shown))
        if len(lines) != len(self._lines):
            self._lines = lines
            self.refresh()
            return
        dirty = [y for y, (new, old) in enumerate(zip(lines, self._lines, strict=True)) if new != old]
        self._lines = lines
        if dirty:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in dirty))


def drawing(data: ChartData, size: tuple[int, int], symbols: Symbols) -> list[list[Run]]:
    """The lines of the chart from top to bottom."""
    width, height = size
    shown = [value for time, value in data.points if value is not None and data.start <= time < data.end]
    head = [_title(data, shown, width, symbols)] if height > 2 else []
    if not shown or data.end <= data.start:
        rows = height - len(head)
        words: list[list[Run]] = [[] for _ in range(rows)]
        if rows > 0:
            words[(rows - 1) // 2] = [(draw.fit(Safe("no data yet"), width, symbols.ellipsis), Tone.DIM)]
        return head + words
    foot = 1 if height >= 5 and width >= 20 else 0
    rows = height - len(head) - foot
    limits = [threshold.value for threshold in data.thresholds]
    scale = ticks.scale(min(*shown, *limits, 0.0), max(*shown, *limits, 0.0), Unit.of(data.unit), max(1, rows // 3))
    labels = _labels(scale, rows) if width >= 20 and rows > 1 else {}
    margin = max((draw.width(label) for label in labels.values()), default=-1) + 1
    if margin > width // 2:
        labels, margin = {}, 0
    window = _grid(data, width - margin, symbols, scale)
    lines = plot(data.points, window, (width - margin, rows), _gap(data), symbols)
    body = [
        [*_label(labels.get(row, Safe("")), margin), *_row(line, limit, symbols)]
        for row, (line, limit) in enumerate(zip(lines, _limits(data, scale, rows), strict=True))
    ]
    return head + body + ([_time_labels(window, margin, width - margin)] if foot else [])


def _title(data: ChartData, shown: Sequence[float], width: int, symbols: Symbols) -> list[Run]:
    """What it is, and where it stands."""
    if not shown:
        return [(draw.cut(data.title, width, symbols.ellipsis), Tone.TITLE)]
    unit = Unit.of(data.unit)
    fine = ticks.scale(min(*shown, 0.0), max(*shown, 0.0), unit, 100)
    newest, most = (Safe(fine.label(value)) for value in (shown[-1], max(shown)))
    words = Safe(f"  now {newest}  max {most}")
    room = width - draw.width(words)
    if room < 4:
        return [(draw.cut(data.title, width, symbols.ellipsis), Tone.TITLE)]
    return [(draw.cut(data.title, room, symbols.ellipsis), Tone.TITLE), (words, Tone.DIM)]


def _labels(scale: Scale, rows: int) -> dict[int, Safe]:
    """The row from the top that each value stands on."""
    reach = scale.high - scale.low
    return {round((scale.high - value) / reach * (rows - 1)): scale.label(value) for value in scale.values()}


def _label(label: Safe, margin: int) -> list[Run]:
    return [(Safe(draw.fit(label, margin - 1, Safe(""), Align.RIGHT) + " "), Tone.DIM)] if margin else []


def _limits(data: ChartData, scale: Scale, rows: int) -> list[Tone | None]:
    """For each row the threshold that runs along it."""
    found: list[Tone | None] = [None] * rows
    for limit in data.thresholds:
        value = max(scale.low, min(scale.high, limit.value))
        found[round((scale.high - value) / (scale.high - scale.low) * (rows - 1))] = limit.tone
    return found


def _grid(data: ChartData, width: int, symbols: Symbols, scale: Scale) -> Window:
    """The window on a grid of whole cells, so that a line once drawn shifts as it is and does not shimmer."""
    cell = max(1, -(-(data.end - data.start) // width))
    cell += -cell % dots_per_cell(symbols)[0]
    end = -(-data.end // cell) * cell
    return Window(end - cell * width, end, scale.low, scale.high)


def _gap(data: ChartData) -> int:
    """The longest silence that is no gap."""
    if data.every is not None:
        return data.every * 5 // 2
    steps = [after[0] - before[0] for before, after in zip(data.points, data.points[1:], strict=False)]
    return median_low(steps) * 5 // 2 if steps else 0


def _row(line: str, limit: Tone | None, symbols: Symbols) -> list[Run]:
    """A row of the plot; where a threshold runs and the line does not, the threshold is drawn."""
    if limit is None:
        return [(Safe(line), Tone.ACCENT)]
    sign = "-" if symbols is Symbols.ASCII else "┄"
    runs: list[Run] = []
    start = 0
    for x in range(1, len(line) + 1):
        if x == len(line) or (line[x] == " ") != (line[start] == " "):
            part = line[start:x]
            runs.append((Safe(sign * len(part)), limit) if part[0] == " " else (Safe(part), Tone.ACCENT))
            start = x
    return runs


def _time_labels(window: Window, margin: int, width: int) -> list[Run]:
    """The clock below the cells it belongs to."""
    cells = [" "] * (margin + width)
    free = 0
    for ms, label in ticks.times(window.start, window.end, width):
        x = margin + (ms - window.start) * width // (window.end - window.start)
        if x >= free and x + len(label) <= len(cells):
            cells[x : x + len(label)] = label
            free = x + len(label) + 2
    return [(Safe("".join(cells)), Tone.DIM)]
