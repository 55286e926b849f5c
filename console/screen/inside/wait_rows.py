"""Which rows does the table of the waits screen have: categories, their types, or the sessions that wait for one?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collectors.inside.sessions import Session, Sessions
from collectors.inside.waits import Wait, Waits
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.inside.wait_words import is_calm, milliseconds
from widgets.draw import Align, Run
from widgets.table import Cell, Column, Row
from widgets.tone import Tone

RIGHT = Align.RIGHT
CATEGORIES = (
    Column("category", Safe("CATEGORY"), 18, flex=1, priority=9),
    Column("rate", Safe("ms/s"), 7, align=RIGHT, priority=8),
    Column("share", Safe("%"), 5, align=RIGHT, priority=7),
    Column("core", Safe("per core"), 8, align=RIGHT, priority=3),
    Column("types", Safe("types"), 5, align=RIGHT, priority=2),
    Column("waiting", Safe("waiting"), 7, align=RIGHT, priority=5),
    Column("longest", Safe("longest"), 7, align=RIGHT, priority=4),
    Column("flag", Safe("flag"), 8, priority=6),
)
TYPES = (
    Column("type", Safe("TYPE"), 20, flex=3, priority=9),
    Column("category", Safe("category"), 12, flex=1, priority=3),
    Column("rate", Safe("ms/s"), 7, align=RIGHT, priority=8),
    Column("share", Safe("%"), 5, align=RIGHT, priority=7),
    Column("core", Safe("per core"), 8, align=RIGHT, priority=1),
    Column("average", Safe("each"), 7, align=RIGHT, priority=5),
    Column("tasks", Safe("tasks/s"), 7, align=RIGHT, priority=2),
    Column("signal", Safe("signal"), 6, align=RIGHT, priority=2),
    Column("waiting", Safe("waiting"), 7, align=RIGHT, priority=5),
    Column("longest", Safe("longest"), 7, align=RIGHT, priority=4),
    Column("flag", Safe("flag"), 8, priority=6),
)
SESSIONS = (
    Column("session", Safe("SESSION"), 7, align=RIGHT, priority=9),
    Column("waited", Safe("waited"), 7, align=RIGHT, priority=8),
    Column("by", Safe("held by"), 8, align=RIGHT, priority=7),
    Column("login", Safe("login"), 10, flex=1, priority=4),
    Column("database", Safe("database"), 10, flex=1, priority=3),
    Column("program", Safe("program"), 10, flex=1, priority=1),
    Column("resource", Safe("for"), 14, flex=2, priority=5),
    Column("statement", Safe("statement"), 14, flex=4, priority=6),
)
Fillings = Mapping[Safe, Run]
"""By category, how the chart draws it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """``category``: only its types. ``all``: those too that only say that a thread is idle."""

    category: Safe | None = None
    all: bool = False


def type_rows(waits: Waits, shown: Shown, fillings: Fillings, none: Safe) -> list[Row]:
    rows = [row for row in waits.rows if shown.all or not row.benign]
    rows = [row for row in rows if shown.category in (None, row.category)]
    rows.sort(key=lambda row: (row.benign, not row.critical, -row.ms_per_s, -row.longest_ms, row.type))
    return [_type_row(row, waits, fillings, none) for row in rows]


def _type_row(row: Wait, waits: Waits, fillings: Fillings, none: Safe) -> Row:
    flag, tone = _flag([row])
    usual = Tone.DIM if row.benign or is_calm(waits) else Tone.PLAIN
    cells = (
        Cell(row.type, tone or usual),
        Cell(row.category, Tone.DIM),
        Cell(_rate(row.ms_per_s), tone or usual),
        Cell(none if row.benign else _share(row.ms_per_s, waits.ms_per_s), usual),
        Cell(_rate(row.ms_per_s / waits.cores) if waits.cores else none, Tone.DIM),
        Cell(none if row.average_ms is None else milliseconds(row.average_ms), usual),
        Cell(_rate(row.tasks_per_s), Tone.DIM),
        Cell(sanitise(f"{row.signal_percent:.0f}%") if row.average_ms is not None else none, Tone.DIM),
        Cell(sanitise(str(row.waiting)) if row.waiting else none, usual),
        Cell(milliseconds(row.longest_ms) if row.waiting else none, usual),
        Cell(Safe("idle") if row.benign else flag, tone or Tone.DIM),
    )
    return Row(row.type, cells, sign=_sign(fillings, row.category))


def category_rows(waits: Waits, fillings: Fillings, none: Safe) -> list[Row]:
    return [_category_row(category, rate, waits, fillings, none) for category, rate in waits.by_category().items()]


def _category_row(category: Safe, rate: float, waits: Waits, fillings: Fillings, none: Safe) -> Row:
    there = [row for row in waits.counted if row.category == category]
    flag, tone = _flag(there)
    usual = Tone.DIM if is_calm(waits) else Tone.PLAIN
    waiting = sum(row.waiting for row in there)
    cells = (
        Cell(category, tone or usual),
        Cell(_rate(rate), tone or usual),
        Cell(_share(rate, waits.ms_per_s), usual),
        Cell(_rate(rate / waits.cores) if waits.cores else none, Tone.DIM),
        Cell(sanitise(str(len(there))), Tone.DIM),
        Cell(sanitise(str(waiting)) if waiting else none, usual),
        Cell(milliseconds(max(row.longest_ms for row in there)) if waiting else none, usual),
        Cell(flag, tone or Tone.DIM),
    )
    return Row(category, cells, sign=_sign(fillings, category))


def session_rows(sessions: Sessions, wait_type: Safe, none: Safe) -> list[Row]:
    """Who waits for it now, the longest first."""
    waiting = sorted((row for row in sessions.rows if row.wait == wait_type), key=lambda row: -row.wait_ms)
    return [_session_row(row, none) for row in waiting]


def _session_row(row: Session, none: Safe) -> Row:
    by = row.held or sanitise(str(row.blocked_by)) if row.blocked_by else none
    cells = (sanitise(str(row.id)), milliseconds(row.wait_ms), by)
    texts = (row.login, row.database, row.program, row.resource, row.statement)
    return Row(sanitise(str(row.id)), (*map(Cell, cells), *(Cell(text or none) for text in texts)))


def _flag(rows: Sequence[Wait]) -> tuple[Safe, Tone | None]:
    return (Safe("! crit"), Tone.BAD) if any(row.critical for row in rows) else (Safe(""), None)


def _sign(fillings: Fillings, category: Safe) -> Safe:
    return fillings[category][0] if category in fillings else Safe(" ")


def _rate(value: float) -> Safe:
    return number(value, "")


def _share(rate: float, total: float) -> Safe:
    """With a decimal where it would be none without one."""
    share = 100 * rate / total if total else 0.0
    return sanitise(f"{share:.0f}%" if share >= 10 or not share else f"{share:.1f}%")
