"""What do all our widgets share? A look that may change while they are on the screen, and lines made of runs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from textual.strip import Strip
from textual.widget import Widget

from widgets import draw
from widgets.draw import Run
from widgets.tone import Look


class Drawn(Widget):
    """Draws itself line by line from what it was shown, and repaints only where that differs from before."""

    DEFAULT_CSS = "Drawn { background: ansi_default; color: ansi_default; }"

    def __init__(self, *, look: Look | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id, classes=classes)
        self._look = look or Look()

    @property
    def look(self) -> Look:
        return self._look

    @look.setter
    def look(self, look: Look) -> None:
        if look != self._look:
            self._look = look
            self.redraw()

    def redraw(self) -> None:
        """Everything anew: the look changed."""
        self.refresh()

    @abstractmethod
    def runs(self, y: int) -> Sequence[Run]:
        """What stands on line ``y`` of the widget."""

    def render_line(self, y: int) -> Strip:
        return draw.strip(self.runs(y), self.size.width, self._look)
