"""What does the documentation say of a view: which columns, of which type, and since which version?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FLOOR = 2016
VERSIONS = (2016, 2017, 2019, 2022, 2025)
THE_VIEW = "*"  # as if it were a column


@dataclass(frozen=True, slots=True)
class Known:
    """A column, or a whole view."""

    type: str = ""  # empty: nobody says
    since: int = FLOOR


@dataclass(frozen=True, slots=True)
class View:
    name: str
    since: int
    columns: dict[str, Known]


@cache
def views() -> dict[str, View]:
    """By name: `sys.databases`, `msdb.dbo.backupset`."""
    text = (Path(__file__).parent / "dmv_columns.toml").read_text(encoding="utf-8")
    return {name: _view(name, columns) for name, columns in tomllib.loads(text).items()}


def _view(name: str, columns: dict[str, str]) -> View:
    known = {column: _known(said) for column, said in columns.items()}
    whole = known.pop(THE_VIEW, Known())
    return View(name, whole.since, {c: Known(k.type, max(k.since, whole.since)) for c, k in known.items()})


def _known(said: str) -> Known:
    """From `int`, `int since 2019`, `since 2019`."""
    kind, _, since = said.rpartition("since ")
    return Known(kind.strip(), int(since)) if kind or said.startswith("since ") else Known(said)
