"""The dialog, line by line: what it will do, to whom, what speaks against it, and what is typed to confirm it.

What matters most stands first and what is pinned to the bottom is never pushed out: a terminal may have twenty rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.errors import Trouble
from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.acting import checks, states
from console.screen.acting.asked import Field
from console.screen.acting.confirming import READY_S, Typing, counted, is_signature
from console.screen.acting.hints import hints
from console.screen.acting.op_rows import who
from console.screen.acting.paper import BLANK, MOST_COLUMNS, cut, field, labelled, said
from console.times import clock, span, zone_mark
from widgets.bar import Ends
from widgets.gauge import gauge
from widgets.tone import Symbols, Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.op import Op

LABELS = {Field.REASON: "Reason", Field.INCIDENT: "Incident", Field.MFA: "MFA code"}


@dataclass(frozen=True, slots=True)
class Manner:
    """Where it is drawn, and for whom."""

    size: tuple[int, int]
    symbols: Symbols
    zone: tzinfo
    viewer: bool = False
    is_armed: bool = True  # its keys count
    top: int = 0  # the first line of the body that is shown
    speed: float = 1.0  # of the estate's clock
    first: tuple[Ends, ...] = ()  # what stands before all else: of a failover its stopwatch, or how long the last took


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Ends, ...]
    top: int
    last_top: int  # how far it can be scrolled
    checks: frozenset[tuple[str, int]] = frozenset()  # each line of each check that is told whole
    in_sight: frozenset[tuple[str, int]] = frozenset()  # of these


def page(op: Op, typing: Typing | None, now_ms: int, how: Manner, trouble: Trouble | None = None) -> Page:
    """All of it, in exactly the rows there are."""
    columns, rows = how.size
    foot = list(_foot(op, typing, how, trouble))[: max(0, rows - 3)]
    told = list(_body(op, typing, now_ms, how))
    body = [line for _, line in told]
    room = max(1, rows - 1 - len(foot))
    last = max(0, len(body) - room)
    top = min(_top(typing, told, how, room), last)
    lines = (_title(op, columns), *cut(body, top, room), *foot)
    numbered = _numbered(told)
    end = top + room - (top < last)  # the last line of the room may say how many are left
    seen = frozenset(line for at, line in numbered.items() if top <= at < end)
    return Page(lines, top, last, frozenset(numbered.values()), seen)


def _numbered(told: Sequence[tuple[str, Ends]]) -> dict[int, tuple[str, int]]:
    """Where the lines of checks stand: which line of which check each is."""
    counts: dict[str, int] = {}
    found = {}
    for at, (about, _) in enumerate(told):
        if about:
            found[at] = about, counts.get(about, 0)
            counts[about] = counts.get(about, 0) + 1
    return found


def asking(title: str, resource: str, how: Manner, trouble: Trouble | None) -> Page:
    """Before the engine has told of a plan, or where it would not make one."""
    columns, rows = how.size
    lines = [Ends(((sanitise(f" {title} of {resource}"), Tone.TITLE),)), BLANK]
    if trouble is None:
        lines += said("The engine is asked what would happen. Nothing is sent.", Tone.PLAIN, columns)
    else:
        lines += checks.three_lines(trouble.what, trouble.seen, trouble.mend, columns)
    lines += [BLANK, _keys("Esc:Close")]
    return Page(tuple(lines[:rows]), 0, 0)


def _title(op: Op, columns: int) -> Ends:
    stage = states.stage(op)
    said_by = f"plan {op.plan}  by {who(op.by)} " if op.plan else ""
    right = ((sanitise(said_by), Tone.DIM),) if columns >= 60 else ()
    what = sanitise(f" {states.called(op)} of {op.resource}  ")
    return Ends(((what, Tone.TITLE), (sanitise(stage.word), stage.tone)), right)


def _top(typing: Typing | None, told: Sequence[tuple[str, Ends]], how: Manner, room: int) -> int:
    """Where the person scrolled to; a check that has the keys is in sight, and one that is too long is scrolled."""
    if typing is None or typing.field is not Field.CHECKS:
        return how.top
    name = typing.asked.overridable[typing.row].name
    at = [number for number, (about, _) in enumerate(told) if about == name]
    if len(at) >= room:
        return min(max(how.top, at[0]), at[-1] - room + 2)
    if at and (at[0] < how.top or at[-1] >= how.top + room - 1):
        return max(0, at[-1] - room + 2)
    return how.top


def _body(op: Op, typing: Typing | None, now_ms: int, how: Manner) -> Iterator[tuple[str, Ends]]:
    """Each line with the check it is about, where it is about one."""
    columns = how.size[0]
    for line in (*how.first, *_state(op, now_ms, how)):
        yield "", line
    for line in said(op.sentence, Tone.TITLE if op.state in states.ASKING else Tone.PLAIN, columns):
        yield "", line
    for line in _approval(op, columns, viewer=how.viewer):
        yield "", line
    yield from _doubts(op, typing, columns)
    for line in (*_facts(op, columns), *checks.passed(op, columns)):
        yield "", line


def _state(op: Op, now_ms: int, how: Manner) -> Iterator[Ends]:
    """Where it stands; where it went wrong, the three lines of that go before all else."""
    columns, stage = how.size[0], states.stage(op)
    if op.outcome and stage.tone is Tone.BAD:
        yield from checks.three_lines(op.outcome, op.seen, op.mend, columns)
    elif op.state == "refused":
        yield from checks.refusals(op, columns)
    yield from said(stage.sentence, stage.tone if stage.tone is not Tone.BAD else Tone.PLAIN, columns)
    if op.state in states.COUNTING and op.sends_at is not None:
        left = states.seconds_left(op, now_ms, how.speed)
        yield from said(f"It is sent in {left} s. Esc ends it, and nothing is sent.", Tone.BAD, columns)
    if op.outcome and stage.tone is not Tone.BAD:
        yield from said(op.outcome, stage.tone, columns)
    if op.percent is not None and op.state not in states.ASKING:
        yield Ends(((sanitise(f" {gauge(op.percent, min(columns, 60) - 2, how.symbols)}"), Tone.ACCENT),))
    yield from _course(op, now_ms, how)
    yield BLANK


def _course(op: Op, now_ms: int, how: Manner) -> Iterator[Ends]:
    columns = how.size[0]
    if op.sent is not None:
        until = op.ended if op.ended is not None else now_ms
        began = f"{clock(op.sent, how.zone)}{zone_mark(op.sent, how.zone)}"
        yield from labelled("Sent", f"{began}, {span((until - op.sent) / 1000)} {'in all' if op.ended else 'ago'}",
                            Tone.PLAIN, columns)  # fmt: skip
    for step in () if states.may_be_stopped(op) else op.steps:  # until then its outcome says how far it is
        yield from labelled(f"{clock(step.at, how.zone)}", step.text, Tone.PLAIN, columns)
    for number, proof in enumerate(op.proof):
        yield from labelled("Seen" if number == 0 else "", proof, Tone.GOOD, columns)
    if op.acknowledged:
        yield from labelled("Noted", f"acknowledged by {op.acknowledged}", Tone.PLAIN, columns)


def _approval(op: Op, columns: int, *, viewer: bool) -> Iterator[Ends]:
    there, needed = op.approvals
    if not needed:
        return
    tone = Tone.GOOD if there >= needed else Tone.WARN
    yield from labelled("Approvals", f"{there} of {needed}", tone, columns)
    if op.state != "await-approval" or not op.to_approve:
        return
    words = "If it is you who is asked, paste below what the command prints:"
    if not viewer:
        words = "Send this to somebody else, and paste below what comes back:"
    yield from said(words, Tone.PLAIN, columns)
    for part in op.to_approve:
        yield from said(part, Tone.ACCENT, columns, indent=3)


def _doubts(op: Op, typing: Typing | None, columns: int) -> Iterator[tuple[str, Ends]]:
    if op.checks and op.state not in states.UNDER_WAY:
        yield "", Ends(((sanitise(f" Checks: {checks.tally(op)}"), Tone.HEADER),))
        yield from checks.doubtful(op, typing, columns)


def _facts(op: Op, columns: int) -> Iterator[Ends]:
    if op.offers_first and op.state in states.ASKING:
        words = f"a {op.offers_first} of {op.resource}, should this go wrong: Ctrl+T plans that in place of this."
        yield from labelled("Wise first", words, Tone.WARN, columns)
    said_first = states.offer(op) == states.FLUSH and op.state in (*states.LOOKING, *states.ASKING)
    for number, each in enumerate(() if said_first else op.radius):
        yield from labelled("Who is hit" if number == 0 else "", each, Tone.PLAIN, columns)
    yield from labelled("Past", op.glass, Tone.BAD, columns)
    yield from labelled("Sent with", op.credentials, Tone.PLAIN, columns)
    yield from labelled("Lock", op.lock, Tone.PLAIN, columns)
    yield from labelled("Makes", op.makes, Tone.PLAIN, columns)
    yield from labelled("Target", op.target, Tone.DIM, columns)
    yield from labelled("Asked by", op.by, Tone.DIM, columns)


def _foot(op: Op, typing: Typing | None, how: Manner, trouble: Trouble | None) -> Iterator[Ends]:
    columns = how.size[0]
    if trouble is not None:
        yield from checks.three_lines(trouble.what, trouble.seen, trouble.mend, columns)
    if typing is not None:
        yield from _fields(typing, columns)
        yield Ends(((sanitise(f" {_remark(typing, how)}"), Tone.WARN),))
    yield _keys(*hints(op, typing, viewer=how.viewer))


def _fields(typing: Typing, columns: int) -> Iterator[Ends]:
    for each in typing.asked.fields:
        if each is not Field.CHECKS:
            yield _field(each, typing, columns)
        if each is Field.REASON and typing.asked.count:
            yield Ends(((sanitise(f"   {counted(typing.asked.count)}"), Tone.WARN),))


def _field(which: Field, typing: Typing, columns: int) -> Ends:
    here, room = typing.field is which, min(columns, MOST_COLUMNS)
    if which is Field.NAME:
        word = typing.asked.word
        if not word:
            return Ends(((sanitise(f" {'>' if here else ' '} Enter confirms it"), Tone.ACCENT),))
        note = (Safe(" as it should be"), Tone.GOOD) if typing.name == word else None
        return field(f"Type {word}", typing.name, room, here=here, note=note)
    if which is Field.APPROVAL:
        text = typing.text(which)
        whole = "whole: Enter gives it to the engine" if is_signature(text) else "not whole yet"
        return field("Signature", f"{len(text)} characters, {whole}" if text else "paste it here", room, here=here)
    return field(LABELS[which], typing.text(which), room, here=here)


def _remark(typing: Typing, how: Manner) -> Safe:
    if typing.is_asked:
        return Safe("The engine is asked.")
    if typing.said:
        return typing.said
    return NO_TEXT if how.is_armed else sanitise(f"Keys count {READY_S:g} s after it is in sight.")


def _keys(*hints: str) -> Ends:
    return Ends(tuple((sanitise(f" {hint} "), Tone.DIM) for hint in hints))
