"""Missing and unused indexes as tables, and in words how much the evidence is worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collectors.inside.indexes import DAY_S, DAYS_NEEDED, Indexes, MissingIndex, UnusedIndex
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.foot import wrapped
from console.times import span
from widgets.bar import Ends
from widgets.columns import Column
from widgets.draw import Align, Run, fit
from widgets.rows import Cell, Row
from widgets.tone import Tone

NO_ORDER = Safe("The optimiser knows no order of keys, and not which indexes are there already.")
PER_NODE = Safe("Each node counts for itself: what is read on a replica or was before a failover is not counted here.")
MISSING = (
    Column("score", Safe("SCORE"), 7, align=Align.RIGHT, priority=98),
    Column("uses", Safe("USES"), 7, align=Align.RIGHT, priority=70),
    Column("impact", Safe("SAVES"), 6, align=Align.RIGHT, priority=80),
    Column("last", Safe("LAST"), 6, align=Align.RIGHT, priority=60),
    Column("table", Safe("TABLE"), 26, flex=2, priority=99),
    Column("columns", Safe("COLUMNS"), 20, flex=3, priority=90),
)
UNUSED = (
    Column("updates", Safe("WRITES"), 8, align=Align.RIGHT, priority=98),
    Column("size", Safe("SIZE"), 8, align=Align.RIGHT, priority=80),
    Column("table", Safe("TABLE"), 26, flex=1, priority=95),
    Column("index", Safe("INDEX"), 20, flex=1, priority=99),
)
Told = tuple[tuple[Safe, ...], ...]


def key(index: MissingIndex | UnusedIndex) -> Safe:
    match index:
        case MissingIndex():
            return sanitise(f"{index.table} {index.equality} {index.inequality} {index.included}")
        case UnusedIndex():
            return sanitise(f"{index.table} {index.name}")


def missing_rows(fact: Indexes, now: datetime) -> list[Row]:
    return [_missing(index, now) for index in fact.missing]


def unused_rows(fact: Indexes) -> list[Row]:
    return [
        Row(
            key(index),
            (
                Cell(number(index.updates, "")),
                Cell(number(1024 * index.size_kb, "Bytes")),
                Cell(index.table),
                Cell(index.name),
            ),
        )
        for index in fact.unused
    ]


def _missing(index: MissingIndex, now: datetime) -> Row:
    ago = sanitise(f"{span((now - index.last).total_seconds())}") if index.last else Safe("")
    wanted = ", ".join(filter(None, (index.equality, index.inequality)))
    words = sanitise(wanted + (f" with {index.included}" if index.included else ""))
    numbers = (number(index.score, ""), number(index.seeks, ""), sanitise(f"{index.impact:.0f}%"), ago)
    return Row(key(index), (*map(Cell, numbers), Cell(index.table), Cell(words)))


def summary(fact: Indexes, *, unused: bool) -> list[Run]:
    head = Safe(" INDEXES THAT NOBODY READS") if unused else Safe(" MISSING INDEXES by what they would save")
    node = f" on {fact.node}" if fact.node else ""
    return [(head, Tone.HEADER), (sanitise(f"  {evidence(fact)} of evidence{node}"), Tone.PLAIN)]


def evidence(fact: Indexes) -> Safe:
    days = int(fact.evidence_s // DAY_S)
    return sanitise(f"{days} {'day' if days == 1 else 'days'}") if days else span(fact.evidence_s)


def why_empty(fact: Indexes, *, unused: bool) -> tuple[Safe, ...]:
    if not unused:
        return (Safe("The optimiser misses no index, as far as this node has counted."),)
    if not fact.is_enough:
        return sanitise(f"{evidence(fact)} of evidence on this node; {DAYS_NEEDED} are needed."), PER_NODE
    return (Safe("Every index that is written has been read on this node."),)


def remarks(fact: Indexes, columns: int, most: int, *, unused: bool) -> list[Ends]:
    lines = [(part, Tone.DIM) for part in wrapped(PER_NODE if unused else NO_ORDER, columns - 2)]
    if fact.trouble:
        lines = [(part, Tone.WARN) for part in wrapped(fact.trouble, columns - 2)] + lines
    return [Ends(((sanitise(f" {part}"), tone),)) for part, tone in lines[:most]]


def detail(index: MissingIndex | UnusedIndex, pieces: Told, columns: int, most: int) -> list[Ends]:
    """What there is to say of it, and how fragmented its table's indexes are, where somebody has asked."""
    lines = [(part, Tone.TITLE) for part in wrapped(_words(index), columns - 2)]
    lines += [(line, Tone.PLAIN) for line in laid_out(pieces)] if pieces else []
    if not pieces:
        lines.append((Safe("f asks how fragmented the indexes of this table are: it reads a level of each."), Tone.DIM))
    return [Ends(((sanitise(f" {part}"), tone),)) for part, tone in lines[:most]]


def _words(index: MissingIndex | UnusedIndex) -> Safe:
    match index:
        case MissingIndex():
            parts = {"equal": index.equality, "unequal": index.inequality, "included": index.included}
            told = "; ".join(f"{name} {columns}" for name, columns in parts.items() if columns)
            uses = f"wanted {index.seeks:,} times, each would cost {index.impact:.0f}% less"
            return sanitise(f"{index.table}: {told}; {uses}")
        case UnusedIndex():
            return sanitise(f"{index.name} of {index.table}: written {index.updates:,} times and never read")


def laid_out(told: Told) -> list[Safe]:
    """Cells under one another."""
    widths = [max(len(row[n]) for row in told if n < len(row)) for n in range(len(told[0]))]
    return [sanitise("  ".join(_padded(row, widths))) for row in told]


def _padded(row: Sequence[Safe], widths: Sequence[int]) -> list[Safe]:
    return [fit(cell, width, Safe("…")) for cell, width in zip(row, widths, strict=False)]
