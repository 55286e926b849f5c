"""Which tiles stand where on the board? By the profile, and by how much room there is. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.meta import BoardLayout

Rows = tuple[tuple[str, ...], ...]

USUAL = (100, 28)  # columns and rows; where there is less, one tile at a time
WIDE = (160, 40)
LEAST_ROW = 12  # lines for a row with a chart
PLAIN: Rows = (("cloudwatch", "waits"), ("lag", "backups"))  # until the engine has said what its profile wants


@dataclass(frozen=True, slots=True)
class Own:
    """How the person at this screen wants it, which goes before the profile; None: as the profile has it."""

    rows: Rows | None = None
    wide: Rows | None = None


NOTHING = Own()


def rows_for(told: BoardLayout | None, size: tuple[int, int], known: Container[str], own: Own = NOTHING) -> Rows:
    """Names that this release does not know are left out: the engine may be a newer one."""
    is_wide = _fits(size, WIDE)
    of_all = PLAIN if told is None else told.wide if is_wide else told.rows
    wanted = (own.wide if is_wide else own.rows) or of_all
    rows = (tuple(name for name in row if name in known) for row in wanted)
    return tuple(row for row in rows if row) or PLAIN


def of_kind(rows: Rows, kind: str) -> Rows:
    """A cache has no waits: what it has in their place is told there, unless somebody has placed it."""
    if kind != "cache" or any("cache" in row for row in rows):
        return rows
    return tuple(tuple("cache" if name == "waits" else name for name in row) for row in rows)


def height(wanted: Sequence[int | None]) -> int | None:
    """Of a row of tiles; None where one of them takes all there is."""
    return None if not wanted or None in wanted else max(filter(None, wanted), default=None)


def shared(heights: Sequence[int | None], room: int) -> list[int | None]:
    """None: an equal share of what is left. Where nobody takes that, or too little is left, all have equal shares."""
    fixed = sum(each for each in heights if each is not None)
    takers = heights.count(None)
    return list(heights) if takers and fixed + takers * LEAST_ROW <= room else [None] * len(heights)


def is_tabbed(size: tuple[int, int]) -> bool:
    return not _fits(size, USUAL)


def _fits(size: tuple[int, int], least: tuple[int, int]) -> bool:
    return size[0] >= least[0] and size[1] >= least[1]
