"""What stands in the lists below a topology: links, the databases of one link, slots. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from collectors.inside.replication import DEAD, LinkState, Part, Slot
from collectors.safe import NO_TEXT, Safe, sanitise
from console.numbers import number
from console.screen.inside.family_tree import Member
from console.screen.inside.replication_words import TONES, far, lost, seconds, size, tone
from console.screen.inside.witnesses import Joined
from console.screen.values import Signs
from console.times import span
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import NO_SIGN, Cell, Row
from widgets.tone import Tone

WRONG = Safe("!")
LINKS = (
    Column("end", Safe("LINK"), width=18, flex=2, priority=100),
    Column("state", Safe("STATE"), width=8, priority=99),
    Column("lag", Safe("LAG"), width=8, align=Align.RIGHT, priority=98),
    Column("bytes", Safe("BYTES"), width=7, align=Align.RIGHT, priority=80),
    Column("lost", Safe("LOST IF PROMOTED"), width=16, align=Align.RIGHT, priority=97),
    Column("apply", Safe("TO APPLY"), width=9, align=Align.RIGHT, priority=90),
    Column("in", Safe("IN"), width=7, align=Align.RIGHT, priority=86),
    Column("heard", Safe("HEARD"), width=5, align=Align.RIGHT, priority=84),
    Column("mode", Safe("MODE"), width=14, flex=1, priority=60),
    Column("told", Safe("TOLD AS"), width=14, flex=2, priority=55),
    Column("by", Safe("BY"), width=8, priority=50),
    Column("why", Safe("WHY"), width=16, flex=4, priority=52),
)
PARTS = (
    Column("database", Safe("DATABASE"), width=16, flex=1, priority=100),
    Column("state", Safe("STATE"), width=8, priority=99),
    Column("lag", Safe("LAG"), width=7, align=Align.RIGHT, priority=90),
    Column("lost", Safe("LOST IF PROMOTED"), width=16, align=Align.RIGHT, priority=97),
    Column("apply", Safe("TO APPLY"), width=9, align=Align.RIGHT, priority=95),
    Column("in", Safe("IN"), width=7, align=Align.RIGHT, priority=93),
    Column("told", Safe("TOLD AS"), width=16, flex=1, priority=60),
    Column("why", Safe("WHY"), width=16, flex=3, priority=70),
)
SLOTS = (
    Column("slot", Safe("SLOT"), width=16, flex=1, priority=100),
    Column("used", Safe("USED"), width=6, priority=98),
    Column("kept", Safe("KEEPS"), width=8, align=Align.RIGHT, priority=97),
    Column("state", Safe("STATE"), width=12, flex=1, priority=90),
    Column("since", Safe("UNUSED FOR"), width=10, align=Align.RIGHT, priority=92),
)


def links(member: Member, now: datetime, signs: Signs) -> list[Row]:
    """The one it follows first, then those that follow it, from the worst on."""
    above = [_link(each, f"from {each.source or 'somebody'}", now, signs) for each in member.above]
    return above + [_link(each, f"to {each.copy}", now, signs) for each in member.below]


def key(link: Joined) -> Safe:
    return sanitise(f"{link.source}>{link.copy}")


def _link(link: Joined, end: str, now: datetime, signs: Signs) -> Row:
    each = link.link
    heard = span((now - each.heard).total_seconds()) if each.heard is not None else signs.nothing
    why = sanitise(". ".join(filter(None, (each.why, link.but))))
    cells = (
        Cell(sanitise(end)),
        Cell(link.word, tone(link)),
        _of(seconds(each.lag), signs),
        _of(size(each.lag), signs),
        Cell(lost(link), _risk(each.state, bool(each.unsent.seconds or each.unsent.bytes))),
        _of(size(each.unapplied), signs),
        _of(seconds(each.unapplied), signs),
        Cell(heard, Tone.DIM),
        Cell(each.mode, Tone.DIM),
        Cell(each.told, Tone.DIM),
        Cell(link.by, Tone.DIM),
        Cell(why, Tone.WARN if each.state in DEAD or link.but else Tone.PLAIN),
    )
    return Row(key(link), cells, WRONG if each.state in DEAD else NO_SIGN)


def parts(found: Iterable[Part], signs: Signs) -> list[Row]:
    """The worst first."""
    order = tuple(LinkState)
    ranked = sorted(found, key=lambda each: (-order.index(each.state), -(each.unsent.bytes or 0), each.name))
    return [_part(each, signs) for each in ranked]


def _part(part: Part, signs: Signs) -> Row:
    cells = (
        Cell(part.name),
        Cell(sanitise(part.state), TONES[part.state]),
        _of(seconds(part.lag), signs),
        Cell(far(part.unsent) or Safe("not known"), _risk(part.state, bool(part.unsent.seconds or part.unsent.bytes))),
        _of(size(part.unapplied), signs),
        _of(seconds(part.unapplied), signs),
        Cell(part.told, Tone.DIM),
        Cell(part.why, Tone.WARN),
    )
    return Row(part.name, cells, WRONG if part.state in (*DEAD, LinkState.PAUSED) else NO_SIGN)


def slots(found: Iterable[Slot], now: datetime, signs: Signs) -> list[Row]:
    """Those that nobody uses first: what they keep fills the volume."""
    ranked = sorted(found, key=lambda each: (each.active, -(each.kept or 0), each.name))
    return [_slot(each, now, signs) for each in ranked]


def _slot(slot: Slot, now: datetime, signs: Signs) -> Row:
    unused = slot.inactive_since
    since = span((now - unused).total_seconds()) if unused is not None and not slot.active else NO_TEXT
    cells = (
        Cell(slot.name),
        Cell(Safe("yes") if slot.active else Safe("no"), Tone.PLAIN if slot.active else Tone.WARN),
        _of(NO_TEXT if slot.kept is None else number(slot.kept, "Bytes"), signs),
        Cell(slot.state, Tone.PLAIN),
        Cell(since, Tone.WARN),
    )
    return Row(slot.name, cells, NO_SIGN if slot.active else WRONG)


def _of(words: Safe, signs: Signs) -> Cell:
    return Cell(words) if words else Cell(signs.nothing, Tone.DIM)


def _risk(state: LinkState, loses: bool) -> Tone:
    return Tone.WARN if loses or state in DEAD else Tone.DIM
