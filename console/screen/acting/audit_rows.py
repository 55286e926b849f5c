"""The records of the audit as rows. Which columns there are is the engine's to say: its first row is their titles."""

from __future__ import annotations

from collections.abc import Sequence

from collectors.safe import NO_TEXT, Safe, sanitise
from widgets.columns import Column
from widgets.rows import Cell, Row

WIDEST = 28
WIDTHS = {"who": 16, "what": 23, "resource": 18, "outcome": 16}  # the rest of a record is in sight below the list
ROOMY = "outcome"  # takes what is left over
PRIORITIES = {"time": 100, "who": 88, "what": 95, "resource": 85, "outcome": 90}


def columns(told: Sequence[Sequence[Safe]]) -> tuple[Column, ...]:
    """As wide as what stands in them, but that who did what is there at eighty columns."""
    if not told:
        return (Column("time", Safe("TIME"), width=10, flex=1),)
    titles = told[0]
    made = []
    for at, title in enumerate(titles):
        longest = max((len(each[at]) for each in told if len(each) > at), default=1)
        name, heading = title.lower(), sanitise(title.upper())
        width = max(len(title), min(longest, WIDTHS.get(name, WIDEST)))
        flex = 1 if name == ROOMY else 0
        made.append(Column(name, heading, width=width, flex=flex, priority=PRIORITIES.get(name, 50)))
    return tuple(made)


def chosen(records: Sequence[Sequence[Safe]], asked: str) -> list[tuple[Safe, Sequence[Safe]]]:
    """Those with every word that is asked for, each with a key of its own."""
    words, seen = asked.lower().split(), dict[str, int]()
    found = []
    for record in records:
        text = " ".join(record)
        seen[text] = seen.get(text, 0) + 1
        if all(word in text.lower() for word in words):
            found.append((sanitise(f"{seen[text]} {text}"), record))
    return found


def row(keyed: tuple[Safe, Sequence[Safe]], titles: Sequence[Safe]) -> Row:
    key, record = keyed
    return Row(key, tuple(map(Cell, record[: len(titles)])))


def whole(shown: Sequence[tuple[Safe, Sequence[Safe]]], titles: Sequence[Safe], cursor: Safe | None) -> Safe:
    """The one under the cursor to its end."""
    record = dict(shown).get(cursor) if cursor is not None else None
    if record is None:
        return NO_TEXT
    return sanitise("  ".join(f"{title.lower()}: {text}" for title, text in zip(titles, record, strict=False) if text))
