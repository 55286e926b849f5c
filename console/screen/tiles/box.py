"""A tile on the screen: its title, its lines, and its chart below where there is room."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.css.scalar import Scalar
from textual.message import Message

from collectors.readings import Severity
from collectors.safe import Safe
from console.screen.picture import Picture
from console.screen.tiles.tile import LEAST_CHART, Scene, Tile, age, heading, told
from console.screen.values import Signs
from console.screen.view import View
from widgets.bar import Bar
from widgets.chart import Chart
from widgets.tone import Look

UNSEEN = (80, 20)  # columns and rows it is judged by


class TileBox(Container, can_focus=True):
    """Draws what its tile tells; the keys are the board's."""

    DEFAULT_CSS = """
    TileBox { layout: vertical; height: 1fr; width: 1fr; }
    TileBox .lines { height: 1fr; }
    TileBox Chart { height: 1fr; display: none; }
    TileBox.charted Chart { display: block; }
    """

    def __init__(self, tile: Tile, look: Look) -> None:
        super().__init__(classes="tile")
        self.tile = tile
        self._look = look
        self.level: Severity | None = None
        self.wanted: int | None = 0  # rows; None: as many as there are, for a chart
        self.age = Safe("")

    class Sized(Message):
        """It has another size, or is to be seen at last: what it shows is no longer right."""

    def on_resize(self) -> None:
        self.post_message(self.Sized())

    def compose(self) -> ComposeResult:
        yield Bar(classes="title", look=self._look)
        yield Bar(classes="lines", look=self._look)
        yield Chart(look=self._look)

    def judge(self, picture: Picture, resource: Safe, view: View, signs: Signs) -> None:
        """While it is not to be seen, how grave it is still stands in the line of tabs."""
        self.level = told(self.tile, Scene(picture, resource, view, signs, self._look.symbols, *UNSEEN)).level

    def show(self, picture: Picture, resource: Safe, view: View, signs: Signs) -> None:
        """One paint."""
        title, lines = self.query_one(".title", Bar), self.query_one(".lines", Bar)
        rows = max(1, self.size.height - (1 if title.display else 0))
        scene = Scene(picture, resource, view, signs, title.look.symbols, self.size.width, rows)
        content = told(self.tile, scene)
        self.level, self.age = content.level, age(self.tile, scene)
        self.wanted = None if content.chart is not None else len(content.lines) + 1
        head = heading(self.tile, content, self.age, focused=self.has_focus)
        title.show(head.left, head.right)
        room = rows - len(content.lines)
        charted = content.chart is not None and room >= LEAST_CHART
        height = Scalar.from_number(max(1, len(content.lines))) if charted else Scalar.parse("1fr")
        if lines.styles.height != height:
            lines.styles.height = height
        self.set_class(charted, "charted")
        lines.show_lines(content.lines[:rows])
        if charted and content.chart is not None:
            self.query_one(Chart).show(content.chart)
