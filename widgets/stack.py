"""How did the parts of a whole move over time? Areas one upon the other, each with a filling of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collectors.safe import Safe
from widgets import chart_words
from widgets.chart import Chart, ChartData, drawing
from widgets.chart_frame import Frame, framed, longest_silence
from widgets.chart_layers import joined
from widgets.draw import Run
from widgets.plot import Point
from widgets.tone import Look, Symbols, Tone

_BLOCKS, _LETTERS = "█▓▒░╱·", "#=+o:."
MOST = len(_BLOCKS)  # parts; what is more belongs together as the last
_TONES = (Tone.ACCENT, Tone.GOOD, Tone.PLAIN, Tone.HEADER, Tone.TITLE, Tone.DIM)
_TOPS = " ▁▂▃▄▅▆▇█"
_EIGHTHS = 8


@dataclass(frozen=True, slots=True)
class Layer:
    """One part: of the first the filling is the densest."""

    name: Safe
    points: tuple[Point, ...]


def filling(index: int, symbols: Symbols) -> Run:
    """How a part is drawn, for whoever names it beside the chart: no two are alike, whatever the colours."""
    fillings = _LETTERS if symbols is Symbols.ASCII else _BLOCKS
    at = min(index, MOST - 1)
    return Safe(fillings[at]), _TONES[at]


class Stack(Chart):
    """A chart whose line is the sum of its layers, filled."""

    def __init__(
        self,
        *,
        look: Look | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(look=look, id=id, classes=classes)
        self._layers: tuple[Layer, ...] = ()

    def show_layers(self, data: ChartData, layers: Sequence[Layer]) -> None:
        """``data`` has the sum as its points, and all else that a chart has."""
        if (data, tuple(layers)) != (self._data, self._layers):
            self._layers, self._data = tuple(layers), data
            self._draw()

    def drawn(self, data: ChartData, size: tuple[int, int]) -> list[list[Run]]:
        return stacked(data, self._layers, size, self.look.symbols)


def stacked(data: ChartData, layers: Sequence[Layer], size: tuple[int, int], symbols: Symbols) -> list[list[Run]]:
    """The lines from top to bottom."""
    frame = framed(data, size, symbols)
    if frame is None:
        return drawing(data, size, symbols)
    head = [chart_words.title(data, frame, size[0], symbols)] if frame.head else []
    labels = chart_words.labels(frame)
    body = [
        [*chart_words.label(labels.get(y, Safe("")), frame.left, symbols), *joined(row)]
        for y, row in enumerate(_cells(data, layers, frame, symbols))
    ]
    foot = [joined(chart_words.mark_line(data, frame))] if frame.marks else []
    if frame.foot:
        foot.append(chart_words.time_line(data, frame))
    return [*head, *body, *foot]


def _cells(data: ChartData, layers: Sequence[Layer], frame: Frame, symbols: Symbols) -> list[list[tuple[str, Tone]]]:
    rows = [[(" ", Tone.PLAIN)] * frame.plot for _ in range(frame.rows)]
    gap = longest_silence(data.points, data.every)
    parts = [_means(layer.points, frame, gap) for layer in layers]
    high = frame.scale.high
    for ghost in data.ghosts:
        sign = "-" if ghost.dashed else "." if symbols is Symbols.ASCII else "·"
        for x, mean in _means(ghost.points, frame, longest_silence(ghost.points, None)).items():
            rows[frame.row(mean)][x] = sign, Tone.GHOST
    for x in range(frame.plot):
        column = _column([part.get(x, 0.0) for part in parts], high, frame.rows, symbols)
        for from_bottom, cell in enumerate(column):
            rows[frame.rows - 1 - from_bottom][x] = cell
    return rows


def _column(values: Sequence[float], high: float, rows: int, symbols: Symbols) -> list[tuple[str, Tone]]:
    """From the bottom up: in each cell what fills most of it, and at the top as much of it as is filled."""
    per_eighth = high / (rows * _EIGHTHS)
    edges, total = [], 0.0
    for value in values:
        total += max(0.0, value)
        edges.append(round(total / per_eighth))
    if total > 0 and not edges[-1]:  # something is never drawn as nothing
        largest = max(range(len(values)), key=values.__getitem__)
        edges = [int(index >= largest) for index in range(len(values))]
    found: list[tuple[str, Tone]] = []
    while edges and len(found) < min(rows, -(-edges[-1] // _EIGHTHS)):
        bottom = len(found) * _EIGHTHS
        spans = [
            min(edge, bottom + _EIGHTHS) - max(before, bottom)
            for before, edge in zip([0, *edges[:-1]], edges, strict=True)
        ]
        most = max(range(len(spans)), key=spans.__getitem__)
        sign, tone = filling(most, symbols)
        filled = edges[-1] - bottom
        if filled < _EIGHTHS // 2 and symbols is not Symbols.ASCII:
            sign = Safe(_TOPS[filled])
        found.append((sign, tone))
    return found


def _means(points: Sequence[Point], frame: Frame, gap: int) -> dict[int, float]:
    """Of each column; one without a point of its own has the last before it, unless that is too long ago."""
    sums: dict[int, list[float]] = {}
    silent: set[int] = set()
    last: tuple[int, int, float] | None = None
    for time, value in points:
        x = frame.column(time)
        if value is None:
            last = None
            if x is not None:
                silent.add(x)
            continue
        if x is None:
            continue
        if last is not None and time - last[0] <= gap:
            for between in range(last[1] + 1, x):
                sums.setdefault(between, [last[2]])
        sums.setdefault(x, []).append(value)
        last = time, x, value
    return {x: sum(values) / len(values) for x, values in sums.items() if x not in silent or len(values) > 1}
