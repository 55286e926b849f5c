"""What is a database asked? A text that we own, which begins with its tag, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked. By its tag the demo answers, and a DBA finds us."""

    name: str
    text: str
    grants: tuple[str, ...] = ()
    """The least permission that answers it whole, as the server spells it."""
    within: timedelta = timedelta(seconds=3)
    """The query time-out: what takes longer hurts the server more than it helps."""


@cache
def text_of(room: str, name: str) -> str:
    """The statement of that name, as it is sent: `sql/NAME.sql` in the package ``room``, which begins with its tag."""
    return (files(room) / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def tag(name: str) -> str:
    """How a statement begins."""
    return f"/* dbconsole:{name} */"
