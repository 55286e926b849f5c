"""A chart: how did one value move over a stretch of time? With axes, limits, ghosts and marks; a gap is blank."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from textual.geometry import Region

from collectors.safe import Safe
from widgets import chart_words, draw
from widgets.chart_data import ChartData, Ghost, Mark, Threshold
from widgets.chart_frame import Frame, framed, longest_silence
from widgets.chart_layers import joined, plotted
from widgets.draw import Run
from widgets.drawn import Drawn
from widgets.plot import plot
from widgets.tone import Look, Symbols, Tone

__all__ = ["Chart", "ChartData", "Ghost", "Mark", "Threshold", "drawing"]


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
        if data != self._data:
            self._data = data
            self._draw()

    def drawn(self, data: ChartData, size: tuple[int, int]) -> list[list[Run]]:
        """The lines from top to bottom."""
        return drawing(data, size, self.look.symbols)

    def redraw(self) -> None:
        self._draw()
        self.refresh()

    def on_resize(self) -> None:
        self._draw()

    def runs(self, y: int) -> Sequence[Run]:
        return self._lines[y] if y < len(self._lines) else ()

    def _draw(self) -> None:
        size = (self.size.width, self.size.height)
        shown = self.drawn(self._data, size) if self._data and all(size) else []
        before, self._lines = self._lines, tuple(map(tuple, shown))
        if len(before) != len(self._lines):
            self.refresh()
            return
        spans = (changed(old, new, size[0]) for old, new in zip(before, self._lines, strict=True))
        dirty = [Region(x, y, width, 1) for y, (x, width) in enumerate(spans) if width]
        if dirty:
            self.refresh(*dirty)


def changed(before: Sequence[Run], after: Sequence[Run], width: int) -> tuple[int, int]:
    """From which cell on, and over how many, two lines differ."""
    if before == after:
        return 0, 0
    if not all(text.isascii() or draw.width(text) == len(text) for line in (before, after) for text, _ in line):
        return 0, width
    old, new = ([(sign, tone) for text, tone in line for sign in text] for line in (before, after))
    pairs = zip_longest(old, new, fillvalue=(" ", Tone.PLAIN))
    differing = [x for x, (was, now) in enumerate(pairs) if was != now]
    return (differing[0], differing[-1] + 1 - differing[0]) if differing else (0, 0)


def drawing(data: ChartData, size: tuple[int, int], symbols: Symbols) -> list[list[Run]]:
    """The lines of the chart from top to bottom."""
    frame = framed(data, size, symbols)
    head = [chart_words.title(data, frame, size[0], symbols)] if size[1] > 2 else []
    if frame is None:
        return head + _empty(data, (size[0], size[1] - len(head)), symbols)
    gap = longest_silence(data.points, data.every)
    lines = plot(data.points, frame.window, (frame.plot, frame.rows), gap, symbols)
    foot = [joined(chart_words.mark_line(data, frame))] if frame.marks else []
    if frame.foot:
        foot.append(chart_words.time_line(data, frame))
    return [*head, *_body(data, frame, lines, symbols), *foot]


def _body(data: ChartData, frame: Frame, lines: Sequence[str], symbols: Symbols) -> list[list[Run]]:
    labels, words = chart_words.labels(frame), chart_words.limit_words(data, frame, symbols)
    return [
        [
            *chart_words.label(labels.get(y, Safe("")), frame.left, symbols),
            *row,
            *([words[y]] if y in words else []),
        ]
        for y, row in enumerate(plotted(data, frame, lines, symbols))
    ]


def _empty(data: ChartData, size: tuple[int, int], symbols: Symbols) -> list[list[Run]]:
    """Why there is nothing to see, in the middle of the place."""
    rows: list[list[Run]] = [[] for _ in range(size[1])]
    if rows:
        rows[(len(rows) - 1) // 2] = [(draw.fit(data.empty, size[0], symbols.ellipsis), Tone.DIM)]
    return rows
