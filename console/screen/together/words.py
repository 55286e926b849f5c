"""How are people and the incident said? Pure; the same words in the head, on the incident's screen and in reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.picture import Picture
from console.times import clock, date_and_time, span, zone_mark
from console.together.ages import FADES_S

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.together import Incident, Lead, Note, Presence

ROLES = {"control": "in control", "view": "read-only"}
DAY_MS = 86_400_000


def is_open(incident: Incident | None) -> bool:
    return incident is not None and incident.closed is None


def lasted(incident: Incident, now_ms: int) -> Safe:
    end = now_ms if incident.closed is None else incident.closed
    return span((end - incident.opened) / 1000)


def silent_s(person: Presence, picture: Picture) -> float:
    """For how long nothing was heard of them, in real seconds; who never says what they see has a socket."""
    if person.heard is None or picture.now_ms is None:
        return 0.0
    return (picture.now_ms - person.heard) / 1000 / max(1.0, picture.speed)


def has_faded(person: Presence, picture: Picture) -> bool:
    return silent_s(person, picture) > FADES_S


def who(person: Presence) -> Safe:
    return sanitise(f"{person.user} ({ROLES[person.role]}{'' if person.is_proved else ', unproved'})")


def watches(person: Presence, lead: Lead | None) -> str:
    if lead is not None and person.user == lead.user:
        return f"leads from {place(lead.pane, lead.resource)}"
    if person.following and lead is not None:
        return f"follows {lead.user}"
    return place(person.pane, person.resource)


def place(pane: str, resource: str | None) -> str:
    return f"{pane} of {resource}" if pane and resource else pane


def in_order(people: Iterable[Presence]) -> list[Presence]:
    """Who controls first, then by name."""
    return sorted(people, key=lambda each: (each.role != "control", not each.is_proved, each.user))


def notes_of(picture: Picture, resource: str | None = None) -> list[Note]:
    """The oldest first; of one resource, or all."""
    ordered = (picture.notes[name] for name in sorted(picture.notes))
    return [note for note in ordered if resource is None or note.resource == resource]


def note_line(note: Note, now_ms: int, zone: tzinfo) -> Safe:
    about = f" on {note.resource}" if note.resource else ""
    return sanitise(f"{moment(note.t, now_ms, zone)} {author(note)}{about}: {note.text}")


def author(note: Note) -> str:
    return f"{note.user}{'' if note.is_proved else ' (unproved)'}"


def moment(t: int, now_ms: int, zone: tzinfo) -> Safe:
    """The time of day, with its date where that is another."""
    return clock(t, zone) if abs(now_ms - t) < DAY_MS else sanitise(date_and_time(t, zone)[5:16])


def since(incident: Incident, zone: tzinfo) -> str:
    return f"{clock(incident.opened, zone)}{zone_mark(incident.opened, zone)}"
