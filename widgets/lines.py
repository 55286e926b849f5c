"""How is one row of a table drawn: cell by cell, or as a headline over the whole width?"""

from __future__ import annotations

from collections.abc import Sequence

from collectors.safe import Safe
from widgets import draw
from widgets.columns import GAP, Column, Slot
from widgets.draw import Run
from widgets.rows import Line
from widgets.tone import Symbols, Tone


def line_runs(line: Line, columns: Sequence[Column], slots: Sequence[Slot], room: int, symbols: Symbols) -> list[Run]:
    """At most ``room`` cells; the row that has the cursor is all of one tone."""
    sign = (line.sign, line.cursor or Tone.MARK)
    if line.note is not None:
        return [(Safe(" " + line.note), Tone.DIM)]
    if line.headline:
        kept = draw.fit_runs(line.headline, room - 1, symbols.ellipsis)
        blank = Safe(" " * (room - 1 - draw.runs_width(kept)))
        return [sign, *((text, line.cursor or tone) for text, tone in kept), (blank, line.cursor or Tone.PLAIN)]
    return [sign, *_cells(line, columns, slots, symbols)] if line.cells else []


def _cells(line: Line, columns: Sequence[Column], slots: Sequence[Slot], symbols: Symbols) -> list[Run]:
    runs: list[Run] = []
    for number, slot in enumerate(slots):
        cell = line.cell(slot.index)
        align = columns[slot.index].align
        runs.append((draw.fit(cell.text, slot.width, symbols.ellipsis, align), line.cursor or cell.tone))
        runs.append((Safe(" " * (GAP if number < len(slots) - 1 else 1)), line.cursor or Tone.PLAIN))
    return runs
