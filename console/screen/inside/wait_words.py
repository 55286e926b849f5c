"""What is said of a database's waits: how much, of what kind, and what the first of them means?"""

from __future__ import annotations

from collectors.inside.waits import Mark, Wait, Waits
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.foot import wrapped
from widgets.bar import Ends
from widgets.draw import Run
from widgets.tone import Tone

CALM_MS_PER_CORE = 50.0  # of waiting each second: shares of less than that tell nothing
MARKS = {
    Mark.FIRST: "First sample: rates come with the next.",
    Mark.CLEARED: "Somebody cleared the counters: counting began anew, and no rate is told across that.",
    Mark.RESTARTED: "The server was restarted: counting began anew.",
    Mark.FAILED_OVER: "Another node answers, with counters of its own: counting began anew.",
}


def is_calm(waits: Waits) -> bool:
    """Hardly anybody waits. Where a critical type is waited for nothing is calm."""
    per_core = waits.per_core if waits.cores else waits.ms_per_s
    return (per_core or 0.0) < CALM_MS_PER_CORE and not any(row.critical for row in waits.counted)


def figures(waits: Waits) -> list[Run]:
    """The header line; what matters most stands first."""
    if waits.interval_s is None:
        return [(sanitise(f" {MARKS.get(waits.mark, 'No time has passed for the server.')}"), Tone.WARN), *_node(waits)]
    per_core = waits.per_core
    tone = Tone.DIM if is_calm(waits) else Tone.TITLE
    runs: list[Run] = [(sanitise(f" {number(waits.ms_per_s, 'ms/s')} waited"), tone)]
    if per_core is not None:
        runs.append((sanitise(f"  {number(per_core, 'ms/s')} per core of {waits.cores}"), Tone.PLAIN))
    runs.append((sanitise(f"  {waits.ms_per_s / 1000:.1f} tasks wait on average"), Tone.PLAIN))
    if waits.signal_percent is not None:
        runs.append((sanitise(f"  signal {waits.signal_percent:.0f}%"), Tone.PLAIN))
    runs.append((sanitise(f"  over {waits.interval_s:.1f}s"), Tone.DIM))
    return [*runs, *_node(waits)]


def _node(waits: Waits) -> list[Run]:
    return [(sanitise(f"  node {waits.node}"), Tone.DIM)] if waits.node else []


def sentence(waits: Waits) -> tuple[Safe, Tone]:
    """The first wait in a sentence. What is critical goes before what is much."""
    counted = waits.counted
    critical = [row for row in counted if row.critical and (row.ms_per_s or row.waiting)]
    if critical:
        names = ", ".join(row.type for row in critical)
        more = f" {waits.meaning}" if counted[0] in critical else ""
        return sanitise(f"! {names}: any of it is bad news.{more}"), Tone.BAD
    if waits.interval_s is None or not counted or not waits.ms_per_s:
        return (Safe("") if waits.interval_s is None else Safe("Nobody waits.")), Tone.GOOD
    first = counted[0]
    share = 100 * first.ms_per_s / waits.ms_per_s
    calm = "Hardly anybody waits: shares tell little. " if is_calm(waits) else ""
    return sanitise(f"{calm}{first.type} is {share:.0f}% of it: {waits.meaning}"), Tone.DIM if calm else Tone.PLAIN


def lines(waits: Waits, columns: int, room: int, ellipsis: Safe) -> list[Ends]:
    """The figures, and the sentence below them as far as there is room."""
    words, tone = sentence(waits)
    whole = list(wrapped(words, max(1, columns - 3)))
    told = whole[: max(0, room - 1)]
    if told and len(told) < len(whole):
        told[-1] = sanitise(f"{told[-1]}{ellipsis}")
    return [Ends(tuple(figures(waits))), *(Ends(((sanitise(f" {each}"), tone),)) for each in told)]


def milliseconds(ms: float) -> Safe:
    """Of one wait: `0.42ms`, `35ms`, `1.2s`, `20m`."""
    return number(ms, "Milliseconds")


def longest(rows: tuple[Wait, ...]) -> Wait | None:
    """Who has waited longest of all that still wait."""
    return max((row for row in rows if row.waiting), key=lambda row: row.longest_ms, default=None)
