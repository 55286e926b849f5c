"""The sessions as a table: its columns, its orders, what a filter finds, and one row for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from collectors.inside.blocking import chains, walk
from collectors.inside.ranking import is_forgotten
from collectors.inside.sessions import NOBODY, Session, Sessions
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.choose import Item
from console.screen.inside.session_words import age_ms, lasting
from console.screen.values import Signs
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import Cell, Row
from widgets.tone import Tone


def _column(key: str, title: str, width: int, priority: int, *, flex: int = 0, right: bool = False) -> Column:
    return Column(key, sanitise(title), width, flex, Align.RIGHT if right else Align.LEFT, priority)


COLUMNS = (
    _column("id", "ID", 5, 100, right=True),
    _column("status", "STATUS", 9, 94),
    _column("by", "BY", 5, 98, right=True),
    _column("holds", "HOLDS", 5, 90, right=True),
    _column("wait", "WAIT", 16, 92),
    _column("for", "FOR", 6, 97, right=True),
    _column("transaction", "TRX", 6, 93, right=True),
    _column("cpu", "CPU", 6, 60, right=True),
    _column("reads", "READS", 6, 58, right=True),
    _column("tempdb", "TEMPDB", 7, 50, right=True),
    _column("grant", "GRANT", 7, 52, right=True),
    _column("login", "LOGIN", 12, 62, flex=1),
    _column("host", "HOST", 8, 55, flex=1),
    _column("program", "PROGRAM", 14, 64, flex=1),
    _column("database", "DATABASE", 10, 54),
    _column("statement", "STATEMENT", 12, 96, flex=6),
)
"""The priorities are those of someone who has 80 cells and asks who holds up whom, and doing what."""

WORRY = "worry"
Measure = Callable[[Session], float]
_ORDERS: Mapping[str, tuple[str, Measure]] = {
    "for": ("how long it runs or is idle", lambda row: row.elapsed_ms or row.idle_ms or 0.0),
    "wait": ("how long it waits", lambda row: row.wait_ms),
    "transaction": ("how long its transaction is open", lambda row: -_began(row)),
    "cpu": ("CPU of its request so far", lambda row: row.cpu_ms),
    "reads": ("reads of its request so far", lambda row: float(row.reads)),
    "tempdb": ("space in tempdb", lambda row: float(row.tempdb_kb)),
    "grant": ("memory granted", lambda row: float(row.granted_kb)),
}
ORDERS = (
    Item(WORRY, Safe("worry"), Safe("who holds up others first, then who waits, then who forgot")),
    *(Item(key, sanitise(key), sanitise(f"{what}, the most first")) for key, (what, _) in _ORDERS.items()),
    Item("id", Safe("id"), Safe("the least first")),
)


def _began(row: Session) -> float:
    return float("inf") if row.transaction_began is None else row.transaction_began.timestamp()


@dataclass(frozen=True, slots=True)
class Chosen:
    """How the person wants the table: in which order, and which rows."""

    order: str = WORRY
    asked: str = ""


def chosen(fact: Sessions, how: Chosen) -> tuple[Session, ...]:
    """The rows are told in the order of worry."""
    words = how.asked.lower().split()
    rows = [row for row in fact.rows if all(word in _said(row) for word in words)]
    if how.order == "id":
        rows.sort(key=lambda row: row.id)
    elif how.order in _ORDERS:
        measure = _ORDERS[how.order][1]
        rows.sort(key=lambda row: -measure(row))
    return tuple(rows)


def _said(row: Session) -> str:
    texts = (row.status, row.login, row.host, row.program, row.database, row.command, row.wait, row.task, row.statement)
    return " ".join((str(row.id), *texts, row.resource)).lower()


def holding(rows: Iterable[Session]) -> Mapping[int, int]:
    """How many stand behind each that holds up anybody."""
    return {each.id: each.total for root in chains(rows) for each, _ in walk(root) if each.total}


def concerned(rows: Iterable[Session]) -> frozenset[int]:
    """All that stand in a tree of who waits for whom."""
    return frozenset(each.id for root in chains(rows) for each, _ in walk(root))


def key(number_: int) -> Safe:
    return sanitise(str(number_))


def row_of(row: Session, holds: int, observed: datetime, signs: Signs, *, stale: bool) -> Row:
    lasts = row.idle_ms if row.elapsed_ms is None else row.elapsed_ms
    age = age_ms(row, observed)
    blocked = row.blocked_by != NOBODY
    nothing = signs.inapplicable
    cells = (
        (key(row.id), Tone.PLAIN),
        (row.status, Tone.WARN if is_forgotten(row) else Tone.PLAIN),
        (key(row.blocked_by) if blocked else nothing, Tone.WARN if blocked else Tone.DIM),
        (key(holds) if holds else nothing, Tone.BAD if holds else Tone.DIM),
        (row.wait or nothing, Tone.PLAIN if row.wait else Tone.DIM),
        (nothing if lasts is None else lasting(lasts), Tone.PLAIN),
        (nothing if age is None else lasting(age), Tone.WARN if is_forgotten(row) else Tone.PLAIN),
        (number(row.cpu_ms, "Milliseconds"), Tone.DIM),
        (number(row.reads, ""), Tone.DIM),
        (_size(row.tempdb_kb, nothing), Tone.DIM),
        (_size(row.granted_kb, nothing), Tone.DIM),
        (row.login, Tone.PLAIN),
        (row.host, Tone.DIM),
        (row.program, Tone.PLAIN),
        (row.database, Tone.DIM),
        (row.statement or row.command, Tone.PLAIN),
    )
    return Row(key(row.id), tuple(Cell(text, Tone.DIM if stale else tone) for text, tone in cells))


def _size(kb: int, nothing: Safe) -> Safe:
    return number(1024.0 * kb, "Bytes") if kb else nothing
