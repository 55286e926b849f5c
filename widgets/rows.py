"""What is a row of a table made of, and do two lines look the same?"""

from __future__ import annotations

from dataclasses import dataclass

from collectors.safe import Safe
from widgets.draw import Run
from widgets.tone import Tone


@dataclass(frozen=True, slots=True)
class Cell:
    text: Safe
    tone: Tone = Tone.PLAIN


NOTHING = Cell(Safe(""))
NO_SIGN = Safe(" ")


@dataclass(frozen=True, slots=True)
class Row:
    """``key`` is what the row is about: the cursor follows it when the rows are shown in another order."""

    key: Safe
    cells: tuple[Cell, ...] = ()
    sign: Safe = NO_SIGN  # one cell, before the first column
    headline: tuple[Run, ...] = ()  # over the whole width, in place of cells


@dataclass(frozen=True, slots=True)
class Line:
    """What was put on one line of the body; two equal ones need no paint."""

    cells: tuple[Cell, ...] = ()
    cursor: Tone | None = None
    note: Safe | None = None
    sign: Safe = NO_SIGN
    headline: tuple[Run, ...] = ()

    def cell(self, index: int) -> Cell:
        return self.cells[index] if index < len(self.cells) else NOTHING

    def alike(self, other: Line) -> bool:
        """Whether only the words of some cells can differ between the two."""
        return (self.cursor, self.note, self.sign, self.headline, bool(self.cells)) == (
            (other.cursor, other.note, other.sign, other.headline, bool(other.cells))
        )
