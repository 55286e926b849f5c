"""Which estates are embedded, and which machines does each have?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.demo import architect, inventory
from console.demo.inventory import Groups, Machine


@dataclass(frozen=True, slots=True)
class Estate:
    title: str
    groups: Groups


ESTATES: Mapping[str, Estate] = {
    str(inventory.ESTATE): Estate("SQL Server, Aurora, a cache and a table on an ordinary day", inventory.GROUPS),
    str(architect.ARCHITECT): Estate(
        "PostgreSQL, MySQL, MariaDB, Redis and a global table on an ordinary day", architect.GROUPS
    ),
}


def machines_of(estate: str, size: int | None = None) -> tuple[Machine, ...]:
    """So many of an estate; None: as it is."""
    return inventory.machines(size, ESTATES[estate].groups)
