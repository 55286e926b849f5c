"""Which tiles stand where on the board? By the profile, and by how much room there is. Pure."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import BoardLayout

Rows = tuple[tuple[str, ...], ...]

USUAL = (100, 28)  # columns and rows; where there is less, one tile at a time
WIDE = (160, 40)
PLAIN: Rows = (("cloudwatch", "waits"), ("lag", "backups"))  # until the engine has said what its profile wants


def rows_for(told: BoardLayout | None, size: tuple[int, int], known: Container[str]) -> Rows:
    """Names that this release does not know are left out: the engine may be a newer one."""
    wanted = PLAIN if told is None else told.wide if _fits(size, WIDE) else told.rows
    rows = (tuple(name for name in row if name in known) for row in wanted)
    return tuple(row for row in rows if row) or PLAIN


def is_tabbed(size: tuple[int, int]) -> bool:
    return not _fits(size, USUAL)


def _fits(size: tuple[int, int], least: tuple[int, int]) -> bool:
    return size[0] >= least[0] and size[1] >= least[1]
