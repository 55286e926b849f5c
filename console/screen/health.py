"""How does each collector do, in words: a row for each, and a few lines on the one under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.values import Signs
from console.times import span
from widgets.bar import Ends
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import Cell, Row
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.status import CollectorState, Status

UNNAMED = Safe("and more")
COLUMNS = (
    Column("name", Safe("COLLECTOR"), width=18, priority=100),
    Column("target", Safe("TARGET"), width=18, flex=1, priority=95),
    Column("state", Safe("STATE"), width=11, priority=98),
    Column("since", Safe("FOR"), width=4, align=Align.RIGHT, priority=85),
    Column("last", Safe("LAST OK"), width=7, align=Align.RIGHT, priority=80),
    Column("took", Safe("TOOK"), width=7, align=Align.RIGHT, priority=50),
    Column("next", Safe("NEXT"), width=5, align=Align.RIGHT, priority=75),
    Column("every", Safe("EVERY"), width=5, align=Align.RIGHT, priority=40),
    Column("asked", Safe("ASKED"), width=6, align=Align.RIGHT, priority=45),
    Column("usd", Safe("COST"), width=8, align=Align.RIGHT, priority=70),
    Column("error", Safe("ERROR"), width=22, flex=2, priority=60),
)
_ORDER = {"denied": 0, "failing": 0, "late": 1, "pending": 2, "ok": 3}
_TONES = {"denied": Tone.BAD, "failing": Tone.BAD, "late": Tone.WARN, "pending": Tone.DIM, "ok": Tone.PLAIN}


def key(collector: CollectorState) -> Safe:
    return sanitise(f"{collector.name} {collector.target}")


def in_order(collectors: tuple[CollectorState, ...]) -> list[CollectorState]:
    """What fails first, then by name."""
    return sorted(collectors, key=lambda c: (_ORDER[c.state], c.name, c.target))


def rows(status: Status | None, now: int, signs: Signs, *, stale: bool) -> list[Row]:
    if status is None:
        return []
    found = [_row(each, now, signs, all_paused=status.paused, stale=stale) for each in in_order(status.collectors)]
    return [*found, Row(UNNAMED, headline=((unnamed(status), Tone.DIM),))] if status.unnamed else found


def unnamed(status: Status) -> Safe:
    """Of a large estate not every collector is told: how many there are besides, and how they are."""
    each = ", ".join(f"{count:,} {state}" for state, count in sorted(status.unnamed.items(), key=lambda one: -one[1]))
    return sanitise(f"and {sum(status.unnamed.values()):,} more: {each}; named where somebody looks at their target")


def _row(told: CollectorState, now: int, signs: Signs, *, all_paused: bool, stale: bool) -> Row:
    paused = told.paused or all_paused
    cells = (
        (told.name, Tone.PLAIN),
        (told.target, Tone.PLAIN),
        (state_words(told, paused=paused), Tone.DIM if paused else _TONES[told.state]),
        (_ago(told.since, now, signs), Tone.DIM),
        (_ago(told.last, now, signs), Tone.DIM),
        (signs.inapplicable if told.took_ms is None else number(told.took_ms, "Milliseconds"), Tone.DIM),
        (signs.inapplicable if paused else _until(told.next, now, signs), Tone.DIM),
        (signs.inapplicable if told.every_s is None else span(told.every_s), Tone.DIM),
        (number(told.requests, "Count"), Tone.DIM),
        (dollars(told.usd) if told.usd else signs.inapplicable, Tone.DIM),
        (told.error or Safe(""), _TONES[told.state]),
    )
    return Row(key(told), tuple(Cell(text, Tone.DIM if stale else tone) for text, tone in cells))


def state_words(told: CollectorState, *, paused: bool) -> Safe:
    """One word, and how the breaker is where it is not closed."""
    if paused:
        return Safe("paused")
    sign = {"open": " open", "half-open": " half"}.get(told.breaker, "")
    return sanitise(told.state + sign)


def detail(told: CollectorState | None, now: int) -> list[Ends]:
    """What is the matter with it, since when, and what would mend it: three lines."""
    if told is None:
        return []
    asked = f"{told.requests} requests, {told.metrics} metrics, {dollars(told.usd)} since this engine began"
    head = f" {told.name} of {told.target}: {told.state}" + (", paused" if told.paused else "")
    lines = [Ends(((sanitise(head), Tone.TITLE), (sanitise(f"  {asked}"), Tone.DIM)))]
    if told.error:
        since = f" for {span((now - told.since) / 1000)}" if told.since else ""
        lines.append(_line(f"{told.error}{since}{_breaker(told, now)}", _TONES[told.state]))
    if told.grant:
        lines.append(_line(f"The missing permission is {told.grant}. {told.mend or ''}".rstrip(), Tone.WARN))
    elif told.mend and told.mend not in (told.error or ""):
        lines.append(_line(told.mend, Tone.WARN))
    return lines


def dollars(usd: float) -> Safe:
    """Cents are too coarse for what a request costs."""
    return sanitise(f"${usd:.2f}" if usd >= 0.995 or not usd else f"${usd:.4f}")


def _breaker(told: CollectorState, now: int) -> str:
    if told.breaker == "open":
        return f"; the breaker is open, the next try {_in(told.next, now)}"
    return "; the breaker is half-open: one try decides" if told.breaker == "half-open" else ""


def _in(ms: int | None, now: int) -> str:
    return "is due" if ms is None or ms <= now else f"is in {span((ms - now) / 1000)}"


def _ago(ms: int | None, now: int, signs: Signs) -> Safe:
    return signs.inapplicable if ms is None else span((now - ms) / 1000)


def _until(ms: int | None, now: int, signs: Signs) -> Safe:
    return signs.inapplicable if ms is None else span((ms - now) / 1000)


def _line(words: str, tone: Tone) -> Ends:
    return Ends(((sanitise(f" {words}"), tone),))
