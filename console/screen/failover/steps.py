"""The six steps as rows: what each is, how it stands, when it was done, by whom, and what shows it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.values import Signs
from console.times import clock
from widgets.columns import Column
from widgets.rows import Cell, Row
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover, FailoverStep

COLUMNS = (
    Column("step", Safe("STEP"), width=11, priority=100),
    Column("state", Safe("STATE"), width=9, priority=95),
    Column("when", Safe("WHEN"), width=8, priority=80),
    Column("by", Safe("BY"), width=13, priority=85),
    Column("said", Safe("WHAT SHOWS IT"), width=20, flex=1, priority=90),
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """``what``: the step in a sentence; ``promoted``: the same where a replica is promoted, if it is otherwise."""

    word: Safe
    what: str
    promoted: str = ""


MEANINGS: Mapping[str, Meaning] = {
    "detect": Meaning(Safe("1 Detect"), "The primary has gone, or was told to go."),
    "promote": Meaning(
        Safe("2 Promote"), "Another node takes the role.", "The replica leaves its source and becomes a primary."
    ),
    "repoint": Meaning(
        Safe("3 Repoint"),
        "The endpoint's name leads to the new primary.",
        "No name moves by itself: whatever led to the old primary is pointed at the new one.",
    ),
    "redirect": Meaning(Safe("4 Redirect"), "The applications are connected to the new primary."),
    "watch-lag": Meaning(Safe("5 Watch lag"), "The replicas follow the new primary and catch up."),
    "restore": Meaning(
        Safe("6 Restore"),
        "The old primary is back, as the standby.",
        "There is a standby or a replica again, and the old primary is fenced or gone.",
    ),
}
STATES: Mapping[str, tuple[Safe, Tone]] = {
    "waiting": (Safe("to come"), Tone.DIM),
    "under-way": (Safe("under way"), Tone.ACCENT),
    "done": (Safe("done"), Tone.GOOD),
    "late": (Safe("LATE"), Tone.BAD),
}


def rows(run: Failover, zone: tzinfo, signs: Signs, *, stale: bool) -> list[Row]:
    """``stale``: it may have changed since; nothing is coloured then."""
    return [_row(step, zone, signs, stale=stale) for step in run.steps]


def _row(step: FailoverStep, zone: tzinfo, signs: Signs, *, stale: bool) -> Row:
    word, tone = STATES[step.state]
    cells = (
        Cell(MEANINGS[step.name].word, Tone.TITLE if step.state in ("under-way", "late") else Tone.PLAIN),
        Cell(word, Tone.DIM if stale else tone),
        Cell(signs.inapplicable if step.at is None else clock(step.at, zone), Tone.DIM),
        Cell(_by(step), Tone.ACCENT if is_open(step) and not stale else Tone.DIM),
        Cell(step.said),
    )
    return Row(sanitise(step.name), cells)


def _by(step: FailoverStep) -> Safe:
    """Who did it; of what is still to do whose it is."""
    if step.by:
        return sanitise(step.by.rsplit("/", 1)[-1])
    return Safe("for you") if is_open(step) else NO_TEXT if step.state == "done" else Safe("watched")


def step_of(run: Failover, name: str | None) -> FailoverStep | None:
    return next((step for step in run.steps if step.name == name), None)


def is_open(step: FailoverStep) -> bool:
    """Whether a person may tick it."""
    return step.ticked_by_person and step.state != "done"


def why_not(run: Failover, name: str | None) -> Safe | None:
    """Why it may not be ticked; None where it may."""
    step = step_of(run, name)
    if step is None:
        return Safe("There is no step under the cursor.")
    called = MEANINGS[step.name].word.partition(" ")[2]
    if step.state == "done":
        by = f", said by {step.by}" if step.by and step.ticked_by_person else ""
        return sanitise(f"{called} is done{by}.")
    if not step.ticked_by_person:
        return sanitise(f"{called} is watched by the console: it is done when that is seen, and nobody ticks it.")
    return None


def detail(run: Failover, name: str | None) -> tuple[Safe, Safe]:
    """Of the one under the cursor: what it means, and all of what shows it."""
    step = step_of(run, name)
    if step is None:
        return NO_TEXT, NO_TEXT
    meaning = MEANINGS[step.name]
    what = meaning.promoted if run.kind == "promotion" and meaning.promoted else meaning.what
    mine = " You know it, the console cannot see it." if is_open(step) else ""
    return sanitise(f"{meaning.word.partition(' ')[2]}: {what}{mine}"), step.said
