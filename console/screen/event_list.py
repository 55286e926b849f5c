"""Which events are told, in which order and in which words? Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.screen import glance
from console.screen.picture import Picture
from console.screen.values import TONES, Signs
from console.times import clock, date_and_time, span
from widgets.columns import Column
from widgets.rows import Cell, Row
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Event

COLUMNS = (
    Column("time", Safe("TIME"), width=11, priority=95),
    Column("level", Safe("SEV"), width=4, priority=98),
    Column("resource", Safe("RESOURCE"), width=18, priority=90),
    Column("source", Safe("SOURCE"), width=11, priority=20),
    Column("text", Safe("WHAT"), width=24, flex=1, priority=100),
)
LEVELS = (Severity.INFO, Severity.WARNING, Severity.HIGH)  # from which on events are told
DAY_MS = 86_400_000


def chosen(events: Sequence[Event], least: Severity, names: Set[str] | None, asked: str) -> tuple[Event, ...]:
    """The newest first. ``names``: the resources that the filter leaves; None where there is no filter."""
    reach = glance.GRAVITY.index(least)
    grave = (event for event in events if glance.GRAVITY.index(event.severity) <= reach)
    fitting = (event for event in grave if names is None or event.resource in names or _says(event, asked))
    return tuple(sorted(fitting, key=lambda event: -event.t))


def _says(event: Event, asked: str) -> bool:
    """Whether its own text has every word; what is about one field of a resource is in none."""
    said = f"{event.text} {event.source} {event.resource or ''}".lower()
    return all(word in said for word in asked.lower().split())


def rows(events: Sequence[Event], now: int, zone: tzinfo, signs: Signs) -> list[Row]:
    """The key of each names its resource, its time and its place among those of the same time."""
    told: list[Row] = []
    seen: dict[str, int] = {}
    for event in events:
        same = f"{event.t}\n{event.resource or ''}"
        seen[same] = seen.get(same, 0) + 1
        told.append(_row(sanitise(f"{event.resource or ''} {event.t} {seen[same]}"), event, now, zone, signs))
    return told


def _row(key: Safe, event: Event, now: int, zone: tzinfo, signs: Signs) -> Row:
    moment = clock(event.t, zone) if abs(now - event.t) < DAY_MS else sanitise(date_and_time(event.t, zone)[5:16])
    cells = (
        Cell(moment, Tone.DIM),
        Cell(glance.LEVELS[event.severity], TONES.get(event.severity, Tone.DIM)),
        Cell(event.resource or signs.inapplicable),
        Cell(event.source, Tone.DIM),
        Cell(event.text),
    )
    return Row(key, cells)


def resource_of(key: Safe) -> Safe | None:
    """What the event of a row is about."""
    name = key.rsplit(" ", 2)[0]
    return sanitise(name) if name else None


def whole(event: Event, zone: tzinfo) -> Safe:
    """All there is to say of one, for whoever wants to read it to its end."""
    about = f"{event.resource}: " if event.resource else ""
    cut = " (it was longer, and was cut)" if event.cut else ""
    return sanitise(f"{date_and_time(event.t, zone)} {event.severity.value}, {event.source}: {about}{event.text}{cut}")


def from_on(least: Severity) -> str:
    return "" if least is LEVELS[0] else f", from {least.value} on"


def why_empty(picture: Picture, there: int) -> Safe:
    """None has come, or none of those that came is let through."""
    if there:
        return Safe("No event passes the filter or is that grave: s and Esc on 1 show more.")
    if picture.meta is None or picture.now_ms is None:
        return Safe("Waiting for the engine.")
    heard = span((picture.now_ms - picture.meta.started) / 1000)
    return sanitise(f"Nothing has happened that AWS or this console tells of, since it began to listen {heard} ago.")
