"""Where does each column of a table stand, and which must go when there is no room?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from collectors.safe import Safe
from widgets.draw import Align

GAP = 1  # cells between two columns


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` is the least it takes; what is left over is shared by ``flex``. Low priority goes first when narrow."""

    key: str
    title: Safe
    width: int
    flex: int = 0
    align: Align = Align.LEFT
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """A column's place: which one, from which cell, how wide."""

    index: int
    x: int
    width: int


@lru_cache(maxsize=64)  # asked for each line of each table
def place(columns: tuple[Column, ...], room: int) -> tuple[Slot, ...]:
    """Slots from left to right within ``room`` cells. The last column standing is cut rather than dropped."""
    if room <= 0 or not columns:
        return ()
    standing = list(range(len(columns)))
    while len(standing) > 1 and _least(columns, standing) > room:
        # of equals the rightmost goes: what is left of it was thought more important
        standing.remove(min(standing, key=lambda index: (columns[index].priority, -index)))
    widths = {index: min(columns[index].width, room) for index in standing}
    _share(columns, widths, room - _least(columns, standing))
    slots: list[Slot] = []
    x = 0
    for index in standing:
        slots.append(Slot(index, x, widths[index]))
        x += widths[index] + GAP
    return tuple(slots)


def _least(columns: Sequence[Column], standing: Sequence[int]) -> int:
    return sum(columns[index].width for index in standing) + GAP * (len(standing) - 1)


def _share(columns: Sequence[Column], widths: dict[int, int], spare: int) -> None:
    """Give the spare cells to the flexible columns by weight, to the last cell."""
    weights = sum(columns[index].flex for index in widths)
    for index in widths:
        flex = columns[index].flex
        if flex and spare > 0:
            extra = spare * flex // weights
            widths[index] += extra
            spare, weights = spare - extra, weights - flex
