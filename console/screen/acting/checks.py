"""What was looked at before it is sent: each with a word and a sign, what was seen, and what would unblock it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from collectors.safe import sanitise
from console.screen.acting.asked import Field
from console.screen.acting.confirming import Typing
from console.screen.acting.paper import labelled, said
from widgets.bar import Ends
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.op import CheckRow, Op

SIGNS = {"pass": "+ pass", "warn": "! WARN", "block": "x BLOCK", "unknown": "? UNKNOWN"}
TONES = {"pass": Tone.GOOD, "warn": Tone.WARN, "block": Tone.BAD, "unknown": Tone.BAD}
BLOCKING = ("block", "unknown")
INDENT = 11
WAYS = {
    "reason": "Space marks it, with a reason",
    "count": "Space marks it, with a reason that says how many keys there are",
    "confirm": "Space confirms it, once it was read to its end",
    "break-glass": "only by breaking the glass: Space, a reason and an incident",
}


def tally(op: Op) -> str:
    """How many are how."""
    counts = {verdict: sum(row.verdict == verdict for row in op.checks) for verdict in SIGNS}
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)


def refusals(op: Op, columns: int) -> Iterator[Ends]:
    """What stands in the way, where nobody has said it in a sentence."""
    for row in op.checks:
        if row.verdict in BLOCKING:
            yield from three_lines(row.what, row.seen, row.mend, columns)


def doubtful(op: Op, typing: Typing | None, columns: int) -> Iterator[tuple[str, Ends]]:
    """Those that do not pass, whole, with the name of the check that each line is about; none that was said above."""
    for row in op.checks:
        said_above = op.state == "refused" and (row.what == op.outcome if op.outcome else row.verdict in BLOCKING)
        if row.verdict != "pass" and not said_above:
            for line in _whole(row, typing, columns):
                yield row.name, line


def passed(op: Op, columns: int) -> Iterator[Ends]:
    """By name alone: there is nothing to do about them."""
    names = [f"{row.name}" for row in op.checks if row.verdict == "pass"]
    if names:
        yield from labelled("+ pass", ", ".join(names), Tone.DIM, columns)


def three_lines(what: str, seen: str, mend: str, columns: int) -> Iterator[Ends]:
    """A refusal: what, what was seen, what would unblock."""
    yield from said(what, Tone.BAD, columns)
    if seen:
        yield from labelled("  seen", seen, Tone.PLAIN, columns)
    if mend:
        yield from labelled("  mend", mend, Tone.WARN, columns)


def _whole(row: CheckRow, typing: Typing | None, columns: int) -> Iterator[Ends]:
    can = typing is not None and any(each.name == row.name for each in typing.asked.overridable)
    here = can and typing is not None and _is_at(typing, row)
    box = f"[{'x' if typing is not None and row.name in typing.marked else ' '}] " if can else ""
    let = " (let pass)" if row.overridden else ""
    words = f"{box}{row.what}{let}"
    for number, line in enumerate(said(words, Tone.SELECTED if here else Tone.PLAIN, columns - INDENT)):
        sign = SIGNS[row.verdict] if number == 0 else ""
        yield Ends(((sanitise(f" {sign:<{INDENT - 1}}"), TONES[row.verdict]), *line.left))
    parts = row.seen.split("; ") if row.override == "confirm" else [row.seen]
    for number, part in enumerate(parts if row.seen else ()):
        yield from labelled("  seen" if number == 0 else "", part, Tone.DIM, columns)
    if row.mend:
        yield from labelled("  mend", row.mend, Tone.PLAIN, columns)
    if can:
        many = f": {row.count:,}" if row.override == "count" else ""
        yield from labelled("  override", f"{WAYS[row.override]}{many}", Tone.ACCENT, columns)


def _is_at(typing: Typing, row: CheckRow) -> bool:
    return typing.field is Field.CHECKS and typing.asked.overridable[typing.row].name == row.name
