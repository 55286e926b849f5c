"""What do the records say that became of an action whose engine is gone? And what is to be done: never to send it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from console.actions.life import State
from console.actions.plan import Plan, from_told

_STATES: Mapping[str, State] = {
    "CONFIRM": State.PLANNED,  # by then it may have the lock
    "INTENT": State.INTENT,
    "WITHDRAWN": State.WITHDRAWN,
    "ABANDONED": State.ABANDONED,
    "REFUSED": State.REFUSED,
    "SENT": State.SENT,
    "ACCEPTED": State.ACCEPTED,
    "REJECTED": State.REJECTED,
    "UNKNOWN": State.UNKNOWN,
    "DONE": State.DONE,
    "FAILED": State.FAILED,
    "OVERDUE": State.OVERDUE,
}
"""Events that say how far it came; the others say something besides."""


class Next(Enum):
    NOTHING = "nothing"
    ABANDON = "abandon"  # it was not sent, and nobody will send it
    TRACK = "track"  # it was sent: what became of it is looked for


@dataclass(frozen=True, slots=True)
class Line:
    """One record, as far as it matters here."""

    at: datetime
    event: str
    session: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tale:
    op: str
    plan: Plan
    state: State
    session: str  # that wrote of it last
    estate: str
    began: datetime
    sent: datetime | None = None
    ended: datetime | None = None
    is_accepted: bool = False
    said: str = ""
    request_id: str = ""
    is_acknowledged: bool = False
    has_broken_glass: bool = False
    is_verified: bool = False  # whoever watched what came of it has written that down

    @property
    def next(self) -> Next:
        if self.state in (State.PLANNED, State.INTENT):
            return Next.ABANDON
        tracked = (State.SENT, State.ACCEPTED, State.UNKNOWN, State.OVERDUE)
        return Next.TRACK if self.state in tracked else Next.NOTHING

    @property
    def resumed(self) -> State:
        """A request without an answer is one of which nobody knows."""
        return State.UNKNOWN if self.state is State.SENT else self.state


def tale(op: str, lines: Iterable[Line]) -> Tale | None:
    """None where no plan was ever confirmed: there is nothing to go on with."""
    told: Tale | None = None
    for line in lines:
        told = _begun(op, line) if told is None else _continued(told, line)
    return told


def _begun(op: str, line: Line) -> Tale | None:
    kept = line.data.get("plan")
    if line.event not in ("CONFIRM", "INTENT") or not isinstance(kept, dict):
        return None
    try:
        plan, estate = from_told(kept), str(line.data.get("estate", ""))
    except ValueError:
        return None
    given = line.data.get("given")
    glass = isinstance(given, dict) and given.get("glass") is True
    return Tale(op, plan, _STATES[line.event], line.session, estate, line.at, has_broken_glass=glass)


def _continued(told: Tale, line: Line) -> Tale:
    if line.event == "ACK":
        return replace(told, is_acknowledged=True)
    if line.event == "VERIFIED":
        return replace(told, is_verified=True)
    state = _STATES.get(line.event, told.state)
    is_end = line.event in ("DONE", "FAILED", "REJECTED", "REFUSED", "WITHDRAWN", "ABANDONED")
    return replace(
        told,
        state=state,
        session=line.session,
        sent=line.at if line.event == "SENT" else told.sent,
        ended=line.at if is_end else told.ended,
        is_accepted=told.is_accepted or line.event == "ACCEPTED",
        said=str(line.data.get("said", told.said)),
        request_id=str(line.data.get("request_id", told.request_id)),
    )
