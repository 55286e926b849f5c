"""The statements as a table: its measures, the columns that matter by each of them, and one row for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collectors.inside.queries import Queries, Statement
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.inside.session_detail import gauge
from console.screen.values import Signs
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import Cell, Row
from widgets.tone import Symbols, Tone

BAR = 5  # cells of a share
LEADS = 97  # the priority of the column that the table is sorted by
MEASURES: Mapping[str, tuple[str, str]] = {
    "cpu_ms": ("CPU ms", "CPU"),
    "elapsed_ms": ("TIME ms", "duration"),
    "reads": ("READS", "pages read"),
    "writes": ("WRITES", "pages written"),
    "executions": ("CALLS", "calls"),
    "wait_ms": ("WAIT ms", "waits"),
}
"""In the order in which the key goes round: the title of the column, and its name in a sentence. Each a second."""


def columns(measure: str) -> tuple[Column, ...]:
    measures = (_measure(key, title, measure) for key, (title, _) in MEASURES.items())
    return (
        Column("share", Safe("SHARE"), BAR + 5, priority=94),
        *measures,
        Column("each", Safe("ms EACH"), 8, align=Align.RIGHT, priority=92),
        Column("plans", Safe("PLANS"), 5, align=Align.RIGHT, priority=45),
        Column("database", Safe("DATABASE"), 10, priority=50),
        Column("statement", Safe("STATEMENT"), 26, flex=1, priority=100),
    )


_PRIORITY = {"executions": 93, "cpu_ms": 80, "elapsed_ms": 78, "reads": 70, "wait_ms": 60, "writes": 55}


def _measure(key: str, title: str, chosen: str) -> Column:
    priority = LEADS if key == chosen else _PRIORITY[key]
    return Column(key, sanitise(title), max(7, len(title) + 1), align=Align.RIGHT, priority=priority)


def key(row: Statement) -> Safe:
    return sanitise(f"{row.hash} {row.plan} {row.database}")


def following(measure: str) -> str:
    """The next one, and around."""
    names = tuple(MEASURES)
    return names[(names.index(measure) + 1) % len(names)]


def amount(row: Statement, measure: str) -> float:
    found = getattr(row, measure)
    return found if isinstance(found, float) else float(found or 0.0)


def ordered(fact: Queries, measure: str) -> tuple[Statement, ...]:
    return tuple(sorted(fact.rows, key=lambda row: (-amount(row, measure), -row.cpu_ms, row.hash, row.plan)))


def whole(fact: Queries, measure: str) -> float:
    """What a share is one of: of CPU all statements' is known, of the rest what is listed."""
    listed = sum(amount(row, measure) for row in fact.rows)
    return max(listed, fact.cpu_ms) if measure == "cpu_ms" else listed


def makes(fact: Queries, measure: str, signs: Signs, symbols: Symbols, *, stale: bool) -> Callable[[Safe], Row]:
    """How the row of a key is made."""
    by_key, everything = {key(row): row for row in fact.rows}, whole(fact, measure)
    largest = max((amount(row, measure) for row in fact.rows), default=0.0)
    tone = Tone.DIM if stale else Tone.PLAIN

    def make(name: Safe) -> Row:
        row = by_key[name]
        share = 100 * amount(row, measure) / everything if everything else 0.0
        bar = sanitise(
            f"{share:3.0f}% {gauge(100 * amount(row, measure) / largest + 0.01, BAR, symbols)}" if largest else ""
        )
        told = (_cell(row, each, signs, tone) for each in MEASURES)
        plans = Cell(sanitise(str(row.plans)), Tone.WARN if row.plans > 1 else tone)
        texts = (Cell(row.database, tone), Cell(row.text, tone))
        return Row(name, (Cell(bar, tone), *told, Cell(each_ms(row), tone), plans, *texts))

    return make


def each_ms(row: Statement) -> Safe:
    """How long one execution took."""
    return number(row.elapsed_ms / row.executions, "") if row.executions else Safe("")


def _cell(row: Statement, measure: str, signs: Signs, tone: Tone) -> Cell:
    if getattr(row, measure) is None:
        return Cell(signs.nothing, Tone.DIM)
    return Cell(number(amount(row, measure), ""), tone)
