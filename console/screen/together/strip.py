"""The shared session in a few cells of every screen's head. Pure."""

from __future__ import annotations

from collectors.safe import sanitise
from console.screen.picture import Picture
from console.screen.together.words import is_open, lasted
from console.screen.values import TONES
from widgets.draw import Run
from widgets.tone import Tone


def mine(picture: Picture, screen: str, *, following: bool) -> list[Run]:
    """What this screen does for others, or others for it: who does not know it is lost, so it goes late."""
    lead = picture.lead
    if lead is None:
        return []
    if lead.screen == screen:
        return [(sanitise(" LEADING"), Tone.WARN)]
    return [(sanitise(f" FOLLOWING {lead.user}"), Tone.WARN)] if following else []


def others(picture: Picture, screen: str, *, following: bool) -> list[Run]:
    """Who leads and how many are here: the first to go where it is narrow."""
    runs: list[Run] = []
    if len(picture.presence) > 1:
        runs.append((sanitise(f"  {len(picture.presence)} here"), Tone.DIM))
    if picture.lead is not None and picture.lead.screen != screen and not following:
        runs.append((sanitise(f"  {picture.lead.user} leads"), Tone.ACCENT))
    return runs


def incident(picture: Picture) -> list[Run]:
    """The one that is open."""
    found = picture.incident
    if found is None or not is_open(found):
        return []
    words = f"  INC {found.name} {found.severity.value} {lasted(found, picture.now_ms or found.opened)}"
    return [(sanitise(words, 48), TONES.get(found.severity, Tone.WARN))]
