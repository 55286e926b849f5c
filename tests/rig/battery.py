"""How many of a battery are run: a few each time, all of them where DBCONSOLE_BATTERY says by how much more."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def some(cases: Sequence[T], few: int) -> Sequence[T]:
    """So many of the cases, spread over all of them."""
    many = battery(few, most=len(cases))
    return [cases[number * len(cases) // many] for number in range(many)]


def battery(few: int, *, most: int | None = None) -> int:
    """``most``: where there are no more."""
    found = few * int(os.environ.get("DBCONSOLE_BATTERY", "1"))
    return found if most is None else min(found, most)
