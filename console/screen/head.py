"""The header's words: which estate, in which mode, how old the engine and its data are, which version."""

from __future__ import annotations

from collectors.safe import Safe, sanitise
from console import __version__
from console.screen.picture import Picture
from console.times import clock, span
from widgets.tone import Tone

Run = tuple[Safe, Tone]

SPOKEN_LATELY_S = 3.0  # the engine speaks every second when values move; silence shorter than this says nothing
MODES = {"live": "LIVE", "demo": "DEMO", "replay": "REPLAY", "relay": "VIEW"}


def left(picture: Picture, estate: str, mode: str) -> list[Run]:
    """Estate and mode: a mode is a word, not a colour."""
    name = picture.meta.estate if picture.meta else sanitise(estate)
    words: list[Run] = [(sanitise(f" {name} "), Tone.TITLE)]
    if picture.meta:
        words.append((sanitise(f" {MODES[picture.meta.mode]}"), Tone.ACCENT))
    if mode == "view":
        words.append((Safe(" READ-ONLY"), Tone.WARN))
    if picture.status is not None and picture.status.paused:
        words.append((Safe(" COLLECTORS PAUSED"), Tone.WARN))
    if picture.frozen_s is not None:
        words.append((sanitise(f" FROZEN {span(picture.frozen_s)}"), Tone.WARN))
    return [*words, *_contact(picture)]


def right(picture: Picture) -> list[Run]:
    """How old everything is."""
    words: list[Run] = []
    if picture.meta and picture.now_ms is not None and picture.age_s is not None:
        words.append((sanitise(f"engine up {span((picture.now_ms - picture.meta.started) / 1000)}"), Tone.DIM))
        words += _cost(picture)
        age = picture.age_s
        words.append((sanitise(f"  data {span(age)}"), Tone.WARN if age > SPOKEN_LATELY_S else Tone.DIM))
        if picture.meta.speed != 1:
            words.append((sanitise(f"  x{picture.meta.speed:g}"), Tone.DIM))
        words.append((sanitise(f"  {clock(picture.now_ms)}Z"), Tone.PLAIN))
    return [*words, (sanitise(f"  {__version__} "), Tone.DIM)]


def _cost(picture: Picture) -> list[Run]:
    """What a day costs at the present pace, and of what may be spent."""
    cost = picture.status.cost if picture.status else None
    if cost is None or cost.usd_per_day is None:
        return []
    budget = "" if cost.budget_usd is None else f" of ${cost.budget_usd:.2f}"
    over = cost.budget_usd is not None and cost.usd_per_day > cost.budget_usd
    return [(sanitise(f"  ${cost.usd_per_day:.2f}/day{budget}"), Tone.WARN if over else Tone.DIM)]


def _contact(picture: Picture) -> list[Run]:
    match picture.contact:
        case "live":
            return []
        case "joining":
            return [(Safe(" joining the engine"), Tone.DIM)]
        case "lost":
            return [(sanitise(f" ENGINE LOST {span(picture.contact_s)} ago"), Tone.BAD)]
