"""What does the audit know of actions that were begun before, here or by another console of this user?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from collectors.safe import sanitise
from console.access.cool_down import Former
from console.actions.life import SHAKEN
from console.actions.tale import Line, Tale, tale
from console.audit import folder
from console.audit.beginning import last_line
from console.audit.folder import CannotRead
from console.audit.read import last_of_ops
from console.audit.record import Event, NotARecord, Record, parse

FAR_BACK = timedelta(days=2)  # longer than anything is under way


@dataclass(frozen=True, slots=True)
class Remembered:
    """``living``: sessions whose engine runs. ``burned``: approvals that were used, ``denied``: what was refused."""

    tales: tuple[Tale, ...] = ()
    living: frozenset[str] = frozenset()
    burned: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    def formers(self, family: str) -> tuple[Former, ...]:
        """Those on it that have ended."""
        return tuple(_former(t) for t in self.tales if t.plan.target.family == family and t.state in SHAKEN)


def remembered(path: Path, now: datetime) -> Remembered:
    """Blocks. What cannot be read is not remembered, which the audit's own check makes a lock of."""
    try:
        by_op = last_of_ops(path, since=now - FAR_BACK)
        living = frozenset(_living(path))
    except CannotRead:
        return Remembered()
    told = (tale(op, map(_line, found)) for op, found in by_op.items())
    every = [record for found in by_op.values() for record in found]
    return Remembered(
        tuple(each for each in told if each is not None),
        living,
        frozenset(_marks(every)),
        frozenset(record.op for record in every if record.ev == Event.DENIED),
    )


def _line(record: Record) -> Line:
    return Line(datetime.fromisoformat(record.ts), record.ev, record.sess, record.data)


def _marks(every: Iterable[Record]) -> Iterable[str]:
    return (str(record.data.get("mark")) for record in every if record.ev == Event.APPROVED and record.data.get("mark"))


def _living(path: Path) -> Iterable[str]:
    for place in folder.places(path):
        try:
            if folder.is_held(path / place.name):
                yield parse(last_line(path, place.name)).sess
        except (OSError, NotARecord):
            continue  # it has nothing yet, or is being written


def _former(told: Tale) -> Former:
    ended = told.ended or told.sent or told.began
    return Former(told.op, sanitise(told.plan.action), sanitise(told.plan.by), ended, told.is_acknowledged)
