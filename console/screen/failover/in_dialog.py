"""What a failover's dialog shows before all else: how long the last ones took; once it is sent, the stopwatch. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from collectors.errors import Trouble
from collectors.safe import Safe
from console.screen.acting.paper import BLANK, said
from console.screen.failover.page import Sheet, alarms, watch_lines
from console.screen.failover.phases import ladder
from console.screen.failover.stopwatch import Moment, promised
from widgets.bar import Ends
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover

Rows = Sequence[Sequence[Safe]]

OBJECTIVE = "failover"  # what a profile calls it that promises how long one takes
MOST = 3
COUNTS = ("", "last one", "last two", "last three")
OUTAGE = "OUTAGE"
NOT_TOLD = ("", "-", "\u2014")
BEFORE = {"BY": "by ", "TOLD BY": "told by "}
NEVER = "No failover of it is known: how long one takes here nobody can say."


def running(run: Failover, at: Moment, sheet: Sheet) -> Iterator[Ends]:
    yield from watch_lines(run, at, sheet)
    yield from ladder(run, sheet.zone, sheet.columns)
    yield from alarms(run, sheet.columns)
    yield BLANK


def opening(formers: Rows | Trouble | None, objective_s: float | None, columns: int) -> Iterator[Ends]:
    """None: not answered yet. The first row of an answer is its titles, the newest follows."""
    if formers is None:
        yield from said("The engine is asked how long the last ones took.", Tone.DIM, columns)
    elif isinstance(formers, Trouble):
        yield from said(f"How long the last ones took is not known: {formers.line()}", Tone.WARN, columns)
    elif len(formers) < 2:
        yield from said(f"{NEVER} {_sentence(objective_s)}", Tone.WARN, columns)
    else:
        yield from _told(formers, objective_s, columns)
    yield BLANK


def _told(formers: Rows, objective_s: float | None, columns: int) -> Iterator[Ends]:
    """A row with fewer cells than there are titles is a remark of the engine, and no failover."""
    titles, rows = formers[0], [row for row in formers[1:] if len(row) == len(formers[0])]
    if not rows:
        yield from said(f"{NEVER} {_sentence(objective_s)}", Tone.WARN, columns)
        return
    yield from said(in_a_line(titles, rows, objective_s), Tone.TITLE, columns)
    for row in rows[:MOST]:
        cells = ((title, text) for title, text in zip(titles, row, strict=True) if _says(text))
        told = ", ".join(f"{BEFORE.get(title.upper(), '')}{text}" for title, text in cells)
        yield from list(said(told, Tone.DIM, columns, indent=3))[:1]


def in_a_line(titles: Sequence[Safe], rows: Rows, objective_s: float | None) -> str:
    """`Last three: 74, 81, 96 s. 60 s are promised: none was within that.` Of those that somebody timed."""
    at = next((number for number, title in enumerate(titles) if title.upper() == OUTAGE), None)
    timed = [row[at] for row in rows if at is not None and _says(row[at])]
    if not timed:
        them = "it" if len(rows) == 1 else "them"
        return f"{COUNTS[min(MOST, len(rows))].capitalize()}: nobody timed {them}. {_sentence(objective_s)}"
    outages = timed[:MOST]
    some = "" if len(timed) == len(rows) else f" ({len(rows) - len(timed)} of {len(rows)} were not timed)"
    return f"{COUNTS[len(outages)].capitalize()}: {_joined(outages)}{some}. {_sentence(objective_s, outages)}"


def _says(text: str) -> bool:
    return text not in NOT_TOLD


def _joined(outages: Sequence[str]) -> str:
    """The unit once, where all have the same."""
    figures = [each.removesuffix(" s") for each in outages]
    if all(each.endswith(" s") for each in outages):
        return f"{', '.join(figures)} s"
    return ", ".join(outages)


def _sentence(objective_s: float | None, outages: Sequence[str] = ()) -> str:
    if objective_s is None:
        return "Nothing is promised about it."
    known = [seconds for each in outages if (seconds := _seconds(each)) is not None]
    within = sum(seconds <= objective_s for seconds in known)
    if not known:
        return f"{promised(objective_s)} are promised."
    if len(known) == 1:
        share = "it was" if within else "it was not"
    else:
        share = "all were" if within == len(known) else "none was" if not within else f"{within} of {len(known)} were"
    return f"{promised(objective_s)} are promised: {share} within that."


def _seconds(text: str) -> float | None:
    try:
        return float(text.removesuffix("s").strip())
    except ValueError:
        return None
