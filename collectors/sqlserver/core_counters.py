"""Which performance counters are told? Those of the table: of which object, whose instance speaks, in which unit."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from collectors.safe import Safe, sanitise


class Speaks(StrEnum):
    """Which of a counter's instances is told."""

    ONLY = ""  # it has none, or it is the only one
    TOTAL = "total"  # the server's own sum over all of them
    MOST = "most"  # the greatest of them; a sum would say nothing


@dataclass(frozen=True, slots=True)
class Core:
    """One counter that is told, as `counter.NAME`."""

    object: str  # without what the server's instance puts before it
    name: str
    speaks: Speaks
    unit: Safe

    @property
    def metric(self) -> Safe:
        return sanitise(f"counter.{self.name}")


@cache
def core() -> Mapping[tuple[str, str], Core]:
    """By object and name, both without case: they are written differently from version to version."""
    text = (files("collectors.sqlserver") / "core_counters.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    each = (Core(row["object"], row["name"], Speaks(row["instance"]), sanitise(row["unit"])) for row in rows)
    return {(one.object.casefold(), one.name.casefold()): one for one in each}
