"""What a situation report tells of a failover: the outage, how far it is, which steps are open, what is not proved."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from console.screen.failover.chosen import in_order, title, whose
from console.screen.failover.phase_words import stands
from console.screen.failover.steps import MEANINGS
from console.screen.failover.stopwatch import Moment, goes_on, moment, stopwatch
from console.screen.picture import Picture
from console.times import clock, zone_mark

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover

LATELY_MS = 3_600_000
MOST = 2


def told(picture: Picture, zone: tzinfo) -> list[str]:
    """Of those that go on, and of those that ended within the hour."""
    at = moment(picture)
    recent = [run for run in in_order(picture.failovers) if goes_on(run) or at.ms - (run.ended or 0) < LATELY_MS]
    more = [f"And {len(recent) - MOST} more failovers: see :fo"] if recent[MOST:] else []
    return [*(_line(run, at, zone) for run in recent[:MOST]), *more]


def _line(run: Failover, at: Moment, zone: tzinfo) -> str:
    """What matters most first: a chat folds what is long."""
    when = f"{clock(run.began, zone)}{zone_mark(run.began, zone)}"
    late = f" OVERDUE: {run.overdue[0]}" if run.overdue else ""
    parts = (f"{title(run)} ({whose(run)}, {when}) {stands(run)}. {stopwatch(run, at).words}{late}", _open(run))
    return " ".join(part for part in (*parts, _unproved(run)) if part)


def _open(run: Failover) -> str:
    if not run.steps:
        return ""
    names = [str(MEANINGS[step.name].word.partition(" ")[2]).lower() for step in run.steps if step.state != "done"]
    done = len(run.steps) - len(names)
    still = f"; open: {', '.join(names)}" if names else ""
    return f"Steps: {done} of {len(run.steps)} done{still}."


def _unproved(run: Failover) -> str:
    names = [str(each.name) for each in run.proofs if each.state != "proved"]
    return f"Not proved: {', '.join(names)}." if names else ""
