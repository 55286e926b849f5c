"""How does it get on, by what AWS tells? Pure: one look after the other, and never anything that sends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collectors.safe import NO_TEXT, Safe, sanitise
from console.actions.craft import Progress, Way
from console.actions.life import State
from console.actions.registry import Action

_MINUTES_IN_WORDS = 90


@dataclass(frozen=True, slots=True)
class Tracked:
    """What is known of what was sent."""

    state: State
    sent: datetime
    is_accepted: bool = False  # AWS has answered that it takes it
    percent: float | None = None
    moved: datetime | None = None  # when it last got on
    has_warned: bool = False
    outcome: Safe = NO_TEXT
    said: Safe = NO_TEXT  # AWS's own word for it, at the last look
    proof: tuple[Safe, ...] = ()

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.FAILED)


def looked(before: Tracked, seen: Progress, action: Action, now: datetime) -> Tracked:
    """After one look that succeeded; the same object where nothing is new."""
    if before.is_over:
        return before
    if seen.way is not Way.ABSENT and not seen.is_ours:
        what = "What bears its name was made by somebody else."
        return _ended(before, State.FAILED, what if action.is_named else f"Somebody else did it: {seen.said}.", seen)
    match seen.way:
        case Way.ABSENT:
            return _absent(before, action, now)
        case Way.DONE:
            return _ended(before, State.DONE, f"It is {seen.said}.", seen)
        case Way.FAILED:
            return _ended(before, State.FAILED, spoken(action, seen.said), seen)
    return _under_way(before, seen, action, now)


def aged(before: Tracked, action: Action, now: datetime) -> Tracked:
    """Whether it takes too long, however the looks went."""
    if before.is_over or before.state is State.OVERDUE or now - before.sent < action.overdue_after:
        return before
    after = _spoken(action.overdue_after)
    last = f" {spoken(action, before.said)}" if before.said and not action.is_named else ""
    said = f"{action.title} was sent {after} ago, and its end is not proved.{last} It is still looked for."
    return replace(before, state=State.OVERDUE, outcome=sanitise(said))


def spoken(action: Action, said: str) -> str:
    """AWS's own words, or a sentence of ours about what was seen inside."""
    sentence = f"{said.rstrip('.')}."
    return sentence if action.is_inside else f"AWS says: {sentence}"


def _under_way(before: Tracked, seen: Progress, action: Action, now: datetime) -> Tracked:
    state = State.OVERDUE if before.state is State.OVERDUE else State.IN_FLIGHT
    if seen.said != before.said:
        before = replace(before, said=seen.said)
    if before.moved is None or seen.percent != before.percent:
        return replace(before, state=state, percent=seen.percent, moved=now, has_warned=False, outcome=NO_TEXT)
    if not before.has_warned and now - before.moved >= action.warn_after:
        said = sanitise(f"It has not got on for {_spoken(now - before.moved)}.")
        return replace(before, state=state, has_warned=True, outcome=said)
    return before if state is before.state else replace(before, state=state)


def _absent(before: Tracked, action: Action, now: datetime) -> Tracked:
    """AWS may take a while to know what it has accepted."""
    if now - before.sent < action.absent_for:
        return before
    if not action.is_named and (before.is_accepted or before.moved is not None):
        return before  # AWS has taken it: what it does not tell may still have been
    if before.state is State.UNKNOWN or not (before.is_accepted or action.is_named):
        made = "made" if action.is_named else "done"
        who = "The server" if action.is_inside else "AWS"
        said = f"{who} has never begun it: the request did not arrive. Nothing was {made}; you may ask anew."
    else:
        said = "AWS accepted it, and knows nothing of it any more."
    return replace(before, state=State.FAILED, outcome=sanitise(said))


def _spoken(span: timedelta) -> str:
    minutes = span.total_seconds() / 60
    return f"{minutes:.0f} min" if minutes < _MINUTES_IN_WORDS else f"{minutes / 60:.0f} h"


def _ended(before: Tracked, state: State, outcome: str, seen: Progress) -> Tracked:
    return replace(before, state=state, percent=seen.percent, outcome=sanitise(outcome), proof=seen.proof)
