"""What stands above a table: its titles, by which column it is sorted, and which of its rows are seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collectors.safe import Safe
from widgets import draw
from widgets.columns import GAP, Column, Slot
from widgets.draw import Align, Run
from widgets.tone import Look, Symbols, Tone


@dataclass(frozen=True, slots=True)
class Sorted:
    """``reverse``: otherwise than the column is sorted by itself."""

    column: str = ""
    reverse: bool = False

    def sign(self, symbols: Symbols) -> Safe:
        if symbols is Symbols.ASCII:
            return Safe("^" if self.reverse else "v")
        return Safe("\u25b4" if self.reverse else "\u25be")


def heading(
    columns: Sequence[Column], slots: Sequence[Slot], by: Sorted, mark: Safe, *, room: int, look: Look
) -> list[Run]:
    """One line of ``room`` cells. A column that is sorted by and has no room says so at the right."""
    symbols = look.symbols
    runs: list[Run] = [(Safe(" "), Tone.HEADER)]
    for slot in slots:
        column = columns[slot.index]
        words = title(column, slot.width, by, symbols)
        runs.append((Safe(words + " " * GAP), Tone.HEADER))
    unseen = next((column.title for column in columns if column.key == by.column), None)
    if unseen is not None and all(columns[slot.index].key != by.column for slot in slots):
        mark = Safe(f" by {unseen}{by.sign(symbols)} {mark.lstrip()}")
    kept = draw.fit_runs(runs, room - len(mark), symbols.ellipsis)
    blank = Safe(" " * (room - len(mark) - draw.runs_width(kept)))
    return [*kept, (blank, Tone.PLAIN), (mark, Tone.DIM)] if mark else kept


def title(column: Column, cells: int, by: Sorted, symbols: Symbols) -> Safe:
    """In its cells; the sign of the sorted one goes before its last letters."""
    if column.key != by.column:
        return draw.fit(column.title, cells, symbols.ellipsis, column.align)
    short = draw.cut(column.title, cells - 1, symbols.ellipsis)
    signed = Safe(by.sign(symbols) + short if column.align is Align.RIGHT else short + by.sign(symbols))
    return draw.fit(signed, cells, symbols.ellipsis, column.align)
