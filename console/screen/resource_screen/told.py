"""What does one resource measure? A row for each value: the worst first, then as a person asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.estate.levels import RANK
from console.screen.glance import LEVELS
from console.screen.resource_screen.unlike import Unlike
from console.screen.values import Signs, said
from console.times import span
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import Cell, Row
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res, Value

COMPARED = Safe("+")  # before the value that is compared
COLUMNS = (
    Column("mark", Safe(""), width=1, priority=95),
    Column("name", Safe("VALUE"), width=23, flex=1, priority=100),
    Column("said", Safe("NOW"), width=10, align=Align.RIGHT, priority=90),
    Column("level", Safe("SEV"), width=4, priority=85),
    Column("age", Safe("AGE"), width=4, align=Align.RIGHT, priority=80),
    Column("group", Safe("GROUP"), width=11, priority=10),
)
UNLIKE_COLUMNS = (
    Column("name", Safe("LEAST LIKE USUAL"), width=16, flex=1, priority=100),
    Column("yesterday", Safe(""), width=17, priority=90),
    Column("week", Safe(""), width=17, priority=80),
)


SUMS = "waits."  # of what stands there type by type: the waits screen has them


def value_rows(res: Res, now: int, signs: Signs, *, stale: bool, marked: str | None = None) -> list[Row]:
    """Every value the resource has: what is beyond a limit, the processor, metrics, lag, waits from the greatest."""
    rows = []
    for name, value in sorted(res.values.items(), key=lambda pair: _rank(*pair)):
        if name.startswith(SUMS):
            continue
        words, tone = said(value, now, signs)
        cells = (
            Cell(COMPARED if name == marked else Safe(""), Tone.ACCENT),
            Cell(sanitise(name.removeprefix("cloudwatch."))),
            Cell(words, Tone.DIM if stale else tone),
            Cell(LEVELS[value.b] if value.b else Safe(""), Tone.DIM if stale else tone),
            Cell(span((now - value.t) / 1000), Tone.DIM),
            Cell(value.g or Safe(""), Tone.DIM),
        )
        rows.append(Row(name, cells))
    return rows


def unlike_rows(found: Sequence[Unlike]) -> list[Row]:
    return [
        Row(
            each.series,
            (
                Cell(sanitise(each.series.removeprefix("cloudwatch."))),
                Cell(each.yesterday, Tone.WARN),
                Cell(each.last_week, Tone.WARN),
            ),
        )
        for each in found
    ]


def _rank(name: str, value: Value) -> tuple[int, int, float, str]:
    source = name.partition(".")[0]
    order = -1 if name.endswith("CPUUtilization") else {"cloudwatch": 0, "replica": 1}.get(source, 2)
    return -RANK[value.b] if value.b else 1, order, -(value.v or 0.0) if source == "wait" else 0.0, name
