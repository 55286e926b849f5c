"""What is this about? One incident at a time: opened, changed and closed by whoever may."""

from __future__ import annotations

from collections.abc import Collection

from collectors.errors import Trouble
from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.together import Incident

MOST_NAME, MOST_OUTCOME = 80, 400  # characters


def open_one(
    last: Incident | None, name: Safe, severity: Severity, commander: Safe, *, by: Safe, at_ms: int, id: str  # noqa: A002
) -> Incident:
    """The next incident; while one is open there is no other."""
    if last is not None and is_open(last):
        mend = "`:close OUTCOME` ends it; a note (`n`) adds to it."
        raise Trouble("An incident is open already.", seen=f"{last.name}, by {last.by}", mend=mend)
    _sized("name", name, MOST_NAME)
    _sized("commander", commander, MOST_NAME)
    return Incident(id=Safe(id), name=name, severity=severity, commander=commander, opened=at_ms, by=by)


def close(last: Incident | None, outcome: Safe, *, by: Safe, here: Collection[str], at_ms: int) -> Incident:
    there = _changeable(last, by, here)
    _sized("outcome", outcome, MOST_OUTCOME)
    return there.model_copy(update={"closed": at_ms, "closed_by": by, "outcome": outcome})


def command(last: Incident | None, commander: Safe, *, by: Safe, here: Collection[str]) -> Incident:
    there = _changeable(last, by, here)
    _sized("commander", commander, MOST_NAME)
    return there.model_copy(update={"commander": commander})


def grade(last: Incident | None, severity: Severity, *, by: Safe, here: Collection[str]) -> Incident:
    return _changeable(last, by, here).model_copy(update={"severity": severity})


def is_open(incident: Incident | None) -> bool:
    return incident is not None and incident.closed is None


def _changeable(last: Incident | None, by: Safe, here: Collection[str]) -> Incident:
    """By its commander and by who opened it; by anybody where neither is here, for it must not stay open for ever."""
    if last is None or last.closed is not None:
        raise Trouble("No incident is open.", mend="`:open NAME [severity]` opens one.")
    may = {last.commander, last.by}
    if by not in may and may & set(here):
        who = " or ".join(sorted(may))
        raise Trouble("This incident is not yours to change.", seen=f"you are {by}", mend=f"Ask {who}.")
    return last


def _sized(what: str, text: Safe, most: int) -> None:
    if not text.strip() or len(text) > most:
        raise Trouble(f"The {what} has 1 to {most} characters.", seen=f"{len(text.strip())} characters")
