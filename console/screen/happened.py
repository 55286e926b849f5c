"""What happened to one resource? Its events, those of its cluster, and those about nobody in particular."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.glance import LEVELS
from console.screen.picture import Picture
from console.screen.values import TONES
from console.times import clock, date_and_time
from widgets import draw
from widgets.bar import Ends
from widgets.chart_data import Mark
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Event

DAY_MS = 86_400_000


def events_of(picture: Picture, resource: str) -> list[Event]:
    """The newest first."""
    res = picture.resources.get(resource)
    about = {None, resource, res.cluster if res else None}
    return sorted((event for event in picture.events if event.resource in about), key=lambda event: -event.t)


def marks_of(picture: Picture, resource: str) -> tuple[Mark, ...]:
    """On the axis of time."""
    return tuple(Mark(each.t, each.text, TONES.get(each.severity, Tone.DIM)) for each in events_of(picture, resource))


def event_lines(events: Sequence[Event], size: tuple[int, int], now: int, zone: tzinfo, ellipsis: Safe) -> list[Ends]:
    """A heading, and as many of the newest as there is room for."""
    columns, room = size
    if room <= 0:
        return []
    shown = events[: room - 1]
    left = len(events) - len(shown)
    more = sanitise(f"{left} older: 4 lists all " if left else "")
    lines = [Ends(((Safe(" EVENTS, newest first"), Tone.HEADER),), ((more, Tone.DIM),))]
    if not events:
        lines.append(Ends(((Safe(" None has come about it."), Tone.DIM),)))
    return (lines + [_line(event, columns, now, zone, ellipsis) for event in shown])[:room]


def _line(event: Event, columns: int, now: int, zone: tzinfo, ellipsis: Safe) -> Ends:
    moment = clock(event.t, zone) if abs(now - event.t) < DAY_MS else date_and_time(event.t, zone)[:16]
    head = sanitise(f" {moment}"), sanitise(f"  {LEVELS[event.severity]:4}")
    text = sanitise(f"  {event.text}{' (cut)' if event.cut else ''}")
    room = columns - sum(map(len, head))
    tone = TONES.get(event.severity, Tone.DIM)
    return Ends(((head[0], Tone.DIM), (head[1], tone), (draw.cut(text, room, ellipsis), Tone.PLAIN)))
