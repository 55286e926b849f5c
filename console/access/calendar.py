"""What do change calendars of Systems Manager say? Closed means frozen; what one said last is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from collectors.aws.reader import Reader
from collectors.errors import CannotCollect
from collectors.safe import NO_TEXT, Safe, sanitise
from console.access.freeze import Said, State
from console.access.refusal import ago

_STATES = {"OPEN": State.OPEN, "CLOSED": State.FROZEN}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one calendar said, and when. ``until``: the next time that it changes. ``failed``: why it says no more."""

    state: State
    asked: datetime
    until: datetime | None = None
    failed: Safe = NO_TEXT


async def ask(reader: Reader, names: Sequence[str], now: datetime, before: Mapping[str, Answer]) -> dict[str, Answer]:
    """Each on its own: one that is out of reach hides no other, and which of them is closed is known."""
    return {name: await _ask(reader, name, now, before.get(name)) for name in names}


async def _ask(reader: Reader, name: str, now: datetime, before: Answer | None) -> Answer:
    try:
        told = await reader.call("ssm", "GetCalendarState", CalendarNames=[name])
    except CannotCollect as trouble:
        failed = sanitise(f"{trouble.what} {trouble.seen}".strip())
    else:
        state = _STATES.get(str(told.get("State")))
        if state is not None:
            return Answer(state, now, _moment(told.get("NextTransitionTime")))
        failed = sanitise(f"it answers {told.get('State')!r}")
    last = before or Answer(State.UNKNOWN, now)
    return Answer(last.state, last.asked, last.until, failed)


def _moment(said: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def of_calendars(answers: Mapping[str, Answer], now: datetime) -> list[Said]:
    """An answer that could not be had anew is not known, whatever the last one was; that is told beside it."""
    return [_said(name, answer, now) for name, answer in answers.items()]


def _said(name: str, answer: Answer, now: datetime) -> Said:
    source, short = sanitise(f"the calendar {name}"), sanitise(name.rpartition("/")[2])
    if not answer.failed:
        return Said(source, answer.state, short, answer.until if answer.state is State.FROZEN else None)
    last = "never answered"
    if answer.state is not State.UNKNOWN:
        word = "closed" if answer.state is State.FROZEN else "open"
        last = f"{word} {ago(answer.asked, now)} ago"
    return Said(source, State.UNKNOWN, short, seen=sanitise(f"{answer.failed} Last known: {last}."))
