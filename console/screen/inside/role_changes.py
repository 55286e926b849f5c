"""What failed over when, around one resource? From the events of all that copy from each other. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.safe import sanitise
from console.screen.happened import DAY_MS
from console.screen.inside.family_tree import Member
from console.screen.picture import Picture
from console.screen.values import TONES
from console.times import clock, date_and_time
from widgets.bar import Ends
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Event

MOST = 3
_TELLING = re.compile(
    r"fail(ed|ing)?[ -]?over|promot|switch(ed)?[ -]?over|role was|new primary|new writer", re.IGNORECASE
)


def lines(picture: Picture, members: Iterable[Member], zone: tzinfo) -> list[Ends]:
    """The newest first."""
    keys = {each.key for each in members}
    about = keys | {res.cluster for key in keys if (res := picture.resources.get(key)) is not None and res.cluster}
    told = [event for event in picture.events if event.resource in about and _TELLING.search(event.text)]
    newest = sorted(told, key=lambda event: -event.t)[:MOST]
    return [_line(event, picture.now_ms or 0, zone) for event in newest]


def _line(event: Event, now: int, zone: tzinfo) -> Ends:
    moment = clock(event.t, zone) if abs(now - event.t) < DAY_MS else date_and_time(event.t, zone)[:16]
    tone = TONES.get(event.severity, Tone.PLAIN)
    return Ends(((sanitise(f" {moment} "), Tone.DIM), (sanitise(f"{event.resource}: {event.text}"), tone)))
