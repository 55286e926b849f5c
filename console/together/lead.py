"""Who leads, and who may from now on? One screen at a time, which everybody else may follow."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.errors import Trouble
from collectors.safe import Safe
from console.protocol.together import Incident, Lead
from console.together.ages import FADES_S
from console.together.presence import At, Gathering, Key

REACH_MS = 24 * 3_600_000  # no chart shows more


@dataclass(frozen=True, slots=True)
class Shown:
    """What the leader looks at."""

    pane: Safe
    resource: Safe | None = None
    selected: Safe | None = None
    window_ms: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What it hangs on besides who asks."""

    here: Gathering
    incident: Incident | None
    at: At

    def commands(self, user: Safe) -> bool:
        there = self.incident
        return there is not None and there.closed is None and there.commander == user


def take(lead: Lead | None, by: Key, room: Room) -> Lead:
    """From nobody, from who has faded, from another screen of one's own; and by the commander from anybody."""
    if not room.here.is_here(by, room.at.mono):
        seen, mend = by.screen or "no screen was named", "Try again once the engine has heard of this screen."
        raise Trouble("The screen that would lead is not known here.", seen=seen, mend=mend)
    is_free = lead is None or lead.user == by.user or room.commands(by.user)
    if lead is not None and not is_free and room.here.is_here(key_of(lead), room.at.mono, within=FADES_S):
        mend = f"Ask {lead.user} for `:lead {by.user}`; the incident's commander may take it as well."
        raise Trouble(f"{lead.user} leads already.", seen="the screen that leads is here", mend=mend)
    return Lead(user=by.user, screen=by.screen, since=room.at.ms)


def show(lead: Lead | None, by: Key, shown: Shown) -> Lead:
    """The leader's own screen, and no other."""
    there = _led(lead)
    if key_of(there) != by:
        mend = "`:lead` takes it where nobody leads."
        raise Trouble("Only the screen that leads shows the others something.", seen=f"{there.user} leads", mend=mend)
    changes = {
        "pane": shown.pane,
        "resource": shown.resource,
        "selected": shown.selected,
        "window_ms": shown.window_ms,
        "end": shown.end,
    }
    return there.model_copy(update=changes)


def hand_over(lead: Lead | None, by: Key, to: Safe, room: Room) -> Lead:
    """To somebody who is here, to the screen that they touched last. What is looked at stays the same."""
    there = _led(lead)
    _must_lead(there, by, room)
    target = room.here.newest_of(to, room.at.mono)
    if target is None:
        people = room.here.people(room.at.mono)
        known = ", ".join(sorted(str(user) for user, each in people.items() if each.is_proved))
        raise Trouble(f"{to} cannot lead.", seen=f"here are {known or 'nobody'}", mend="They must be here, and proved.")
    return there.model_copy(update={"user": to, "screen": target.screen, "since": room.at.ms})


def drop(lead: Lead | None, by: Key, room: Room) -> None:
    """Raises `Trouble` for whoever may not."""
    _must_lead(_led(lead), by, room)


def outlived(lead: Lead | None, here: Gathering, now: float) -> bool:
    """Whether the leader's screen is gone, and the lead with it."""
    return lead is not None and not here.is_here(key_of(lead), now)


def key_of(lead: Lead) -> Key:
    return Key(lead.user, lead.screen)


def _led(lead: Lead | None) -> Lead:
    if lead is None:
        raise Trouble("Nobody leads.", mend="`:lead` takes it.")
    return lead


def _must_lead(lead: Lead, by: Key, room: Room) -> None:
    if lead.user != by.user and not room.commands(by.user):
        mend = "Whoever leads may do that, and the incident's commander."
        raise Trouble(f"{lead.user} leads, not you.", seen=f"you are {by.user}", mend=mend)
