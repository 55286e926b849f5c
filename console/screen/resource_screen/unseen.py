"""What of one resource cannot be seen, why, and what would mend it? In a line, from the state of its collectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.condition import is_about
from console.screen.picture import Picture
from console.times import span

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.status import CollectorState

UNWELL = ("denied", "failing", "late")  # the gravest first: what is late may yet come


def unseen(picture: Picture, resource: str) -> Safe:
    """Empty where all is seen."""
    res = picture.resources.get(resource)
    if res is None or picture.status is None:
        return Safe("")
    about = [each for each in picture.status.collectors if is_about(each, resource, res)]
    paused = [each.name for each in about if each.paused]
    unwell = sorted((each for each in about if each.state in UNWELL), key=lambda each: UNWELL.index(each.state))
    parts = [_words(each, picture.now_ms or 0) for each in unwell]
    if picture.status.paused or paused:
        parts.append(f"paused: {'every collector' if picture.status.paused else ', '.join(paused)} (P or p on 5)")
    return sanitise("; ".join(parts))


def _words(collector: CollectorState, now: int) -> str:
    since = f" for {span((now - collector.since) / 1000)}" if collector.since is not None else ""
    told = collector.error or ""
    parts = [told] if told else []
    if collector.grant and collector.grant not in told:
        parts.append(f"It needs {collector.grant}.")
    if collector.mend and collector.mend not in told:
        parts.append(collector.mend)
    return f"{collector.name} {collector.state}{since}{': ' if parts else ''}{' '.join(parts)}"
