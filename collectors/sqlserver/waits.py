"""Which category is a wait type in? Query Store's own map, carried on for the types that it leaves out."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from collectors.safe import Safe, sanitise


@cache
def category(wait_type: str) -> Safe:
    """The exact name first, then the longest prefix; a type nobody knows is `Unknown`."""
    exact, prefixes = _table()
    known = exact.get(wait_type)
    return known or next(found for prefix, found in prefixes if wait_type.startswith(prefix))


@cache
def _table() -> tuple[Mapping[str, Safe], tuple[tuple[str, Safe], ...]]:
    table = (files("collectors.sqlserver") / "wait_categories.csv").read_text(encoding="utf-8")
    rows = {row["pattern"]: sanitise(row["category"]) for row in csv.DictReader(table.splitlines())}
    prefixes = [(pattern.removesuffix("%"), found) for pattern, found in rows.items() if pattern.endswith("%")]
    return rows, tuple(sorted(prefixes, key=lambda pair: -len(pair[0])))
