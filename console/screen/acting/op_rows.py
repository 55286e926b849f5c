"""The operations as rows: what goes on first, then what has ended, the newest before the older."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.acting import states
from console.times import clock, date_and_time, span
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import Cell, Row
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.op import Op

DAY_MS = 86_400_000
COLUMNS = (
    Column("state", Safe("STATE"), width=18, priority=100),
    Column("done", Safe("DONE"), width=5, align=Align.RIGHT, priority=85),
    Column("what", Safe("WHAT"), width=14, priority=95),
    Column("resource", Safe("RESOURCE"), width=18, flex=1, priority=98),
    Column("began", Safe("BEGAN"), width=11, priority=60),
    Column("for", Safe("FOR"), width=4, align=Align.RIGHT, priority=70),
    Column("by", Safe("BY"), width=16, flex=1, priority=50),
    Column("outcome", Safe("OUTCOME"), width=20, flex=2, priority=40),
)


def in_order(ops: Iterable[Op]) -> list[Op]:
    return sorted(ops, key=lambda op: (states.has_ended(op), -op.began, op.id))


def rows(ops: Mapping[str, Op], now: int, zone: tzinfo, nothing: Safe) -> list[Row]:
    return [_row(op, now, zone, nothing) for op in in_order(ops.values())]


def _row(op: Op, now: int, zone: tzinfo, nothing: Safe) -> Row:
    stage = states.stage(op)
    until = op.ended if op.ended is not None else now
    began = clock(op.began, zone) if abs(now - op.began) < DAY_MS else sanitise(date_and_time(op.began, zone)[5:16])
    cells = (
        Cell(sanitise(stage.word), stage.tone),
        Cell(nothing if op.percent is None else sanitise(f"{op.percent:.0f} %")),
        Cell(states.called(op)),
        Cell(op.resource),
        Cell(began, Tone.DIM),
        Cell(span((until - op.began) / 1000), Tone.DIM),
        Cell(who(op.by), Tone.DIM),
        Cell(op.outcome),
    )
    return Row(op.id, cells)


def who(by: str) -> Safe:
    """The last part of how AWS calls somebody is what people call them."""
    return sanitise(by.rsplit("/", 1)[-1])


def detail(op: Op, zone: tzinfo, afterwards: Iterable[tuple[str, Tone]] = ()) -> Iterator[tuple[str, Tone]]:
    """Paragraphs on the one under the cursor; ``afterwards``: what it has done since."""
    stage = states.stage(op)
    noted = f" Acknowledged by {op.acknowledged}." if op.acknowledged else ""
    what = f"{states.called(op)} of {op.resource}"
    yield f"{what}, begun {date_and_time(op.began, zone)} by {op.by} ({op.role})", Tone.TITLE
    yield f"{stage.word}: {op.outcome or stage.sentence}{noted}", stage.tone
    yield from afterwards
    more = "; ".join(filter(None, (op.seen, op.mend, *op.proof)))
    if more:
        yield more, Tone.PLAIN
