"""A bar: what stands at its left, what at its right, and what goes first when it is narrow?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Region

from collectors.safe import Safe
from widgets import draw
from widgets.draw import Run
from widgets.drawn import Drawn
from widgets.tone import Look, Tone


@dataclass(frozen=True, slots=True)
class Ends:
    """One line. At the left the first runs matter most, at the right the last; the left matters more than the right."""

    left: tuple[Run, ...] = ()
    right: tuple[Run, ...] = ()


class Bar(Drawn):
    """Header, footer, notices."""

    DEFAULT_CSS = "Bar { height: 1; }"

    def __init__(
        self,
        *,
        look: Look | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(look=look, id=id, classes=classes)
        self._lines: tuple[Ends, ...] = ()

    def show(self, left: Sequence[Run], right: Sequence[Run] = ()) -> None:
        """One line."""
        self.show_lines([Ends(tuple(left), tuple(right))])

    def show_lines(self, lines: Sequence[Ends]) -> None:
        """As many as the bar is high."""
        before, self._lines = self._lines, tuple(lines)
        count = max(len(before), len(self._lines))
        dirty = [y for y in range(count) if before[y : y + 1] != self._lines[y : y + 1]]
        if dirty:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in dirty))

    def runs(self, y: int) -> Sequence[Run]:
        return joined(self._lines[y], self.size.width) if y < len(self._lines) else ()


WORTH_CUTTING = 24  # cells: less than that of a sentence, or half a key, tells nothing


def joined(ends: Ends, room: int) -> list[Run]:
    """Both ends on one line of ``room`` cells, with at least a space between them."""
    left, right = list(ends.left), list(ends.right)
    while right and draw.runs_width(left) + 1 + draw.runs_width(right) > room:
        right.pop(0)
    while len(left) > 1 and draw.runs_width(left) > room:
        if room - draw.runs_width(left[:-1]) >= WORTH_CUTTING:
            break  # what there is room for of it says more than a blank
        left.pop()
    blank = room - draw.runs_width(left) - draw.runs_width(right)
    return [*left, (Safe(" " * blank), Tone.PLAIN), *right] if right else left
