"""The shared session in the situation report: what it is called, who runs it, who is here, and what was noted last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.picture import Picture
from console.screen.together.words import (
    author,
    has_faded,
    in_order,
    is_open,
    lasted,
    moment,
    note_line,
    notes_of,
    place,
    since,
    watches,
    who,
)
from console.times import span

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.together import Presence

MOST_NOTES = 3
OVER_MS = 3_600_000  # for so long a closed incident is still told of


def told(picture: Picture, zone: tzinfo) -> Iterator[str]:
    """What is open or was just closed, and who leads."""
    incident, lead = picture.incident, picture.lead
    now = picture.now_ms or 0
    led = f"; {lead.user} leads from {place(lead.pane, lead.resource)}" if lead is not None else ""
    if incident is not None and is_open(incident):
        yield (
            f"Incident: {incident.name}, {incident.severity.value}, since {since(incident, zone)} "
            f"({lasted(incident, now)}), commander {incident.commander}{led}"
        )
    elif incident is not None and incident.closed is not None and now - incident.closed < OVER_MS:
        ago = span((now - incident.closed) / 1000)
        yield f"Incident: {incident.name} was closed by {incident.closed_by} {ago} ago: {incident.outcome}{led}"
    elif led:
        yield f"Lead: {led.removeprefix('; ')}"


def watchers(picture: Picture) -> str:
    """Who is here, in what role, watching what."""
    people = in_order(picture.presence.values())
    return ", ".join(_watcher(each, picture) for each in people) or "nobody else that is known"


def _watcher(person: Presence, picture: Picture) -> str:
    looks = watches(person, picture.lead)
    faded = " (faded)" if has_faded(person, picture) else ""
    return f"{who(person)}{f' {looks}' if looks else ''}{faded}"


def noted(picture: Picture, zone: tzinfo) -> Iterator[str]:
    """The last ones, the oldest first."""
    last = notes_of(picture)[-MOST_NOTES:]
    if last:
        yield f"Notes: {'; '.join(note_line(note, picture.now_ms or 0, zone) for note in last)}"


def of_resource(picture: Picture, resource: str, zone: tzinfo, most: int) -> list[Safe]:
    """The last that were pinned to it, the newest first."""
    now = picture.now_ms or 0
    notes = notes_of(picture, resource)[: -most - 1 : -1] if most > 0 else []
    return [
        sanitise(f"note {moment(note.t, now, zone)} {author(note)}: {note.text}")
        for note in notes
    ]
