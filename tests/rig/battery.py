"""How many of a battery are run: a few each time, all of them where DBCONSOLE_BATTERY says by how much more."""

from __future__ import annotations

import os


def battery(few: int, *, most: int | None = None) -> int:
    """``most``: where there are no more."""
    found = few * int(os.environ.get("DBCONSOLE_BATTERY", "1"))
    return found if most is None else min(found, most)
