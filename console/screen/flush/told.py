"""The time after a flush in full: in its dialog, in the list of operations and in a report. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING

from console.screen.acting.paper import BLANK, labelled, said
from console.screen.failover.stopwatch import Moment, moment
from console.screen.flush import words
from console.screen.picture import Picture
from console.times import clock, span, zone_mark
from widgets.bar import Ends
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.flush import Flush
    from console.protocol.op import Op

LATELY_MS = 3_600_000
MOST = 2
LOAD = ("head-room", "cpu")  # checks whose numbers say what the origin, or the server, is to expect


def expected(op: Op, columns: int) -> Iterator[Ends]:
    """Before it is confirmed: who is hit and how hard, before all else."""
    told = [str(each) for each in op.radius]
    for row in op.checks:
        parts = row.seen.split("; ") if row.name in LOAD else []
        new = "; ".join(part for part in parts if not any(part in each for each in told))
        told += filter(None, [str(row.what), new]) if row.name in LOAD else []
    for number, each in enumerate(told):
        yield from labelled("Expect" if number == 0 else "", each, Tone.WARN, columns)
    if told:
        yield BLANK


def watched(flush: Flush, at: Moment, columns: int) -> Iterator[Ends]:
    """Afterwards: each value as it was, at its worst and now; what is alarming stands above."""
    for alarm in flush.alarms:
        yield from said(alarm, Tone.BAD, columns)
    lost = f"NOT LIVE: the engine was last heard {span(at.lost_s)} ago. " if at.lost_s is not None else ""
    yield from said(f"{lost}{words.stands(flush, at.ms)}", Tone.TITLE if at.is_live else Tone.DIM, columns)
    for each in flush.figures:
        line = f"{words.named(each, flush.resource)}: {words.course(each)}"
        tone = Tone.DIM if not at.is_live else Tone.GOOD if each.is_as_before else Tone.WARN
        yield from said(line, tone, columns, indent=3)
    yield BLANK


def in_lines(picture: Picture, op: str) -> Iterator[tuple[str, Tone]]:
    """For the list of operations."""
    flush = picture.flushes.get(op)
    if flush is None:
        return
    yield from ((str(alarm), Tone.BAD) for alarm in flush.alarms)
    figures = words.now(flush.figures, flush.resource) if words.goes_on(flush) else ""
    since = f"Since then: {figures}. " if figures else ""
    yield f"{since}{words.stands(flush, moment(picture).ms)}", Tone.PLAIN


def reported(picture: Picture, zone: tzinfo) -> list[str]:
    """Of those that are watched, and of those that ended within the hour."""
    now = moment(picture).ms
    newest = sorted(picture.flushes.values(), key=lambda each: (not words.goes_on(each), -each.done))
    recent = [each for each in newest if words.goes_on(each) or now - (each.ended or 0) < LATELY_MS]
    return [_line(each, now, zone) for each in recent[:MOST]]


def _line(flush: Flush, now_ms: int, zone: tzinfo) -> str:
    """What matters most first: a chat folds what is long."""
    when = f"{clock(flush.done, zone)}{zone_mark(flush.done, zone)}"
    failed = " FAILED" if flush.failed else ""
    head = f"{flush.title} of {flush.resource}{failed} ({words.who(flush)}, {when}, {words.ago(flush, now_ms)})."
    figures = f"{words.now(flush.figures, flush.resource)}." if words.goes_on(flush) and flush.figures else ""
    return " ".join(part for part in (head, *flush.alarms, figures, words.stands(flush, now_ms)) if part)
