"""The screen of a failover, line by line: the stopwatch, the alarms, the proofs, the newest knock, what AWS tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.acting.paper import labelled, said
from console.screen.failover.chosen import title, whose
from console.screen.failover.phase_words import stands
from console.screen.failover.stopwatch import Moment, Stopwatch, goes_on, stopwatch
from console.screen.foot import wrapped
from console.times import clock, span, zone_mark
from widgets import draw
from widgets.bar import Ends
from widgets.digits import HIGH, LOW, digits
from widgets.draw import Run
from widgets.gauge import gauge
from widgets.tone import Symbols, Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover, Note, Proof

LEAST_DIGITS = 60  # columns: where there are fewer the words need them
HIGH_ROWS = 34  # from so many rows on the figure is five lines high
MARGIN = 3
LATE_NOTE_S = 5.0  # AWS is asked that often: what comes sooner is not late
PROOFS = {
    "missing": (Safe("x MISSING"), Tone.BAD),
    "unknown": (Safe("? unknown"), Tone.WARN),
    "proved": (Safe("+ proved"), Tone.GOOD),
}
DOORS = {
    "dark": ("DARK", Tone.BAD),
    "recovering": ("RECOVERING", Tone.WARN),
    "read-only": ("READ-ONLY", Tone.WARN),
    "open": ("open", Tone.GOOD),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What it is drawn on."""

    columns: int
    symbols: Symbols
    zone: tzinfo
    high: bool = False  # whether there are lines to spare
    viewer: bool = False  # who may not acknowledge it


def watch_lines(run: Failover, at: Moment, sheet: Sheet) -> list[Ends]:
    """The figure, to be read from afar, and beside it the same in words."""
    watch = stopwatch(run, at)
    tone = Tone.DIM if not at.is_live else watch.tone
    lines = HIGH if sheet.high else LOW
    drawn = digits(watch.figure, sheet.symbols, lines) if sheet.columns >= LEAST_DIGITS else ()
    left = draw.width(drawn[0]) + 1 if drawn else 0
    beside = list(_beside(run, watch, tone, sheet, sheet.columns - left - MARGIN))[:lines]
    made = []
    for number in range(max(len(drawn), len(beside))):
        figure: list[Run] = [(sanitise(f" {drawn[number]}"), tone)] if number < len(drawn) else []
        words = beside[number] if number < len(beside) else ()
        made.append(Ends((*figure, (sanitise("   " if drawn else " "), Tone.PLAIN), *words)))
    return made


def _beside(run: Failover, watch: Stopwatch, tone: Tone, sheet: Sheet, room: int) -> Iterator[tuple[Run, ...]]:
    of = f"{watch.figure} of {watch.of}" if watch.of else str(watch.figure)
    yield (sanitise(f"{title(run)}  "), Tone.TITLE), (sanitise(of), tone), (sanitise(f"  {whose(run)}"), Tone.DIM)
    for part in wrapped(watch.words, max(8, room)):
        yield ((part, tone),)
    if sheet.high and watch.share is not None and watch.share <= 100:
        yield ((gauge(watch.share, min(room, 50), sheet.symbols), tone),)
    if sheet.high:
        yield ((_roles(run), Tone.PLAIN),)


def in_a_line(run: Failover, at: Moment) -> Safe:
    """For the clipboard, and for whoever is not here."""
    return sanitise(f"{title(run)} ({whose(run)}) {stands(run)}. {stopwatch(run, at).words}")


def split_alarms(run: Failover, columns: int, most: int) -> tuple[list[Ends], list[Ends]]:
    """Those that have room at the top, and what is below because it has none."""
    lines = list(alarms(run, columns))
    if len(lines) <= most:
        return lines, []
    more = Ends(((sanitise(f" {len(lines) - most + 1} more lines of this stand below the steps."), Tone.WARN),))
    return [*lines[: most - 1], more], lines[most - 1 :]


def alarms(run: Failover, columns: int) -> Iterator[Ends]:
    """What takes too long, and what is not proved; then how it ended."""
    for number, each in enumerate(run.overdue):
        yield from labelled("OVERDUE" if number == 0 else "", each, Tone.BAD, columns)
    if run.outcome:
        yield from said(run.outcome, Tone.PLAIN if run.phase != "refused" else Tone.BAD, columns)


def rest(run: Failover, at: Moment, sheet: Sheet) -> Iterator[Ends]:
    """What matters most first: of what has no room the end is below."""
    columns = sheet.columns
    yield from _proofs(run, columns)
    yield from _knock(run, at, columns)
    yield from labelled("Role", _roles(run), Tone.PLAIN, columns)
    yield from labelled("Besides", _milestones(run), Tone.PLAIN, columns)
    yield from _notes(run, sheet)
    yield from labelled("Evidence", run.evidence, Tone.DIM, columns)
    if run.acknowledged:
        yield from labelled("Noted", f"acknowledged by {run.acknowledged}", Tone.PLAIN, columns)
    elif not goes_on(run):
        key = "" if sheet.viewer else ": A says that you have seen it"
        yield from labelled("Noted", f"by nobody yet{key}", Tone.WARN, columns)


def _roles(run: Failover) -> Safe:
    if not run.before and not run.after:
        return Safe("who has the role is not known")
    if not run.after and (run.down is None or run.phase == "refused"):
        return sanitise(f"{run.before} has it, as before")
    if run.after == run.before:
        return sanitise(f"{run.after}: AWS lists it as before")
    if not run.before:
        return sanitise(f"{run.after}; who had it before is not known")
    return sanitise(f"{run.before} -> {run.after or 'nobody yet'}")


def _proofs(run: Failover, columns: int) -> Iterator[Ends]:
    """What is missing first."""
    if not run.proofs:
        return
    yield Ends(((sanitise(f" Afterwards: {tally(run)}"), Tone.HEADER),))
    order = tuple(PROOFS)
    for proof in sorted(run.proofs, key=lambda each: order.index(each.state)):
        yield from _proof(proof, columns)


def _milestones(run: Failover) -> str:
    """What the phases do not say, by how long after the first of them."""
    times = (
        ("another node or address answered", run.moved),
        ("AWS shows it settled", run.settled),
        ("a standby again", run.safe),
    )
    return ", ".join(f"{what} {(time - run.began) / 1000:+.1f} s" for what, time in times if time is not None)


def tally(run: Failover) -> str:
    """How many proofs are how."""
    counts = {name: sum(each.state == name for each in run.proofs) for name in PROOFS}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _proof(proof: Proof, columns: int) -> Iterator[Ends]:
    sign, tone = PROOFS[proof.state]
    words = f"{proof.name}: {proof.said}" if proof.said else str(proof.name)
    for number, line in enumerate(said(words, Tone.PLAIN, columns - 11)):
        yield Ends(((sanitise(f" {sign if number == 0 else '':<10}"), tone), *line.left))


def _knock(run: Failover, at: Moment, columns: int) -> Iterator[Ends]:
    """The newest, and how many there were. Its age is said from when it is worth a thought."""
    probe = run.probe
    if probe.trouble:
        yield from labelled("Knocks", f"{'' if probe.knocks else 'none: '}{probe.trouble}", Tone.WARN, columns)
    if not probe.endpoint or (probe.trouble and not probe.knocks):
        return
    word, tone = DOORS.get(probe.door, (str(probe.door) or "not yet", Tone.DIM))
    age = (at.ms - probe.at) / 1000 if probe.at is not None else 0.0
    old = f" {span(age)} ago" if age >= LATE_NOTE_S else ""
    quoted = f": {probe.said}" if probe.said else ""
    yield from labelled("Knock", f"{word}{old}{quoted}", tone, columns)
    stands = f" is {probe.address}" if probe.address else ""
    node = f", {probe.node} answers" if probe.node else ""
    often = f", every {probe.every_ms} ms" if probe.every_ms else ""
    yield from labelled("", f"{probe.endpoint}{stands}{node}; {probe.knocks} knocks{often}", Tone.DIM, columns)


def _notes(run: Failover, sheet: Sheet) -> Iterator[Ends]:
    """By when they happened; they come in any order, and what came late says how late."""
    for number, note in enumerate(sorted(run.notes, key=lambda each: each.at)):
        label = "AWS told" if number == 0 else ""
        words = f"{clock(note.at, sheet.zone)}{zone_mark(note.at, sheet.zone)} {note.text}{_lateness(note)}"
        yield from labelled(label, words, Tone.PLAIN, sheet.columns)


def _lateness(note: Note) -> str:
    late = (note.came - note.at) / 1000
    return f" (came {span(late)} late)" if late >= LATE_NOTE_S else ""
