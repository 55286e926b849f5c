"""How far has it got? The phases in their order, each with when it began; the present one says so. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.failover.phase_words import called, word
from console.times import clock, zone_mark
from widgets.bar import Ends
from widgets.draw import Run
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover

ORDER = ("preflight", "requested", "down", "recovering", "up-read-only", "up", "ha-degraded", "done")
UNTIMED = ("recovering",)  # nobody is told when it began: once it is over there is nothing to say of it
ENDS = ("done", "refused")
GAP = 2
BETWEEN = Safe("now")
NOT_SEEN = Safe("not seen")


@dataclass(frozen=True, slots=True)
class Rung:
    """``when``: empty for what is still to come."""

    name: str
    word: Safe
    when: Safe
    tone: Tone

    @property
    def cells(self) -> int:
        return max(len(self.word), len(self.when)) + GAP


def rungs(run: Failover, zone: tzinfo) -> tuple[Rung, ...]:
    """From the first sign to the end; what was refused ends where it was."""
    if run.phase == "refused":
        return _rung(run, "preflight", zone), Rung("refused", Safe("[REFUSED]"), _when(run, "refused", zone), Tone.BAD)
    passed = ORDER[: ORDER.index(run.phase)]
    left_out = {name for name in UNTIMED if name in passed} | ({"preflight"} - {run.phase})
    return tuple(_rung(run, name, zone) for name in ORDER if name not in left_out)


def ladder(run: Failover, zone: tzinfo, columns: int) -> tuple[Ends, ...]:
    """Two lines: the phases, and below each when it began. Where that has no room, one with the present phase alone."""
    found = rungs(run, zone)
    if sum(rung.cells for rung in found) + 1 > columns:
        at = next((number for number, rung in enumerate(found, 1) if rung.name == run.phase), len(found))
        return (Ends(((sanitise(f" Phase {at} of {len(found)}: {word(run)}"), Tone.TITLE),)),)
    return Ends(tuple(_line(found, "word"))), Ends(tuple(_line(found, "when")))


def _line(found: tuple[Rung, ...], part: str) -> Iterator[Run]:
    yield Safe(" "), Tone.PLAIN
    for rung in found:
        text = rung.word if part == "word" else rung.when
        yield text, rung.tone if part == "word" else _faint(rung)
        yield sanitise(" " * (rung.cells - len(text))), Tone.PLAIN


def _faint(rung: Rung) -> Tone:
    return Tone.PLAIN if rung.tone is Tone.SELECTED else Tone.DIM


def _rung(run: Failover, name: str, zone: tzinfo) -> Rung:
    words = sanitise(called(run, name))
    here, at = run.phase, ORDER.index(name)
    if name == here:
        tone = Tone.GOOD if name == "done" else Tone.SELECTED
        return Rung(name, sanitise(f"[{words}]"), _when(run, name, zone) or BETWEEN, tone)
    if here == "refused" or at < ORDER.index(here):
        return Rung(name, words, _when(run, name, zone) or NOT_SEEN, Tone.PLAIN)
    return Rung(name, words, Safe(""), Tone.DIM)


def _when(run: Failover, name: str, zone: tzinfo) -> Safe:
    """The first one by the clock, the others by how long after it; empty where nobody saw it."""
    if name in ("preflight", "requested"):
        return sanitise(f"{clock(run.began, zone)}{zone_mark(run.began, zone)}")
    times = {"down": run.down, "up-read-only": run.login, "up": run.up, "ha-degraded": run.up}
    time = times.get(name, run.ended if name in ENDS else None)
    return Safe("") if time is None else sanitise(f"{(time - run.began) / 1000:+.1f} s")
