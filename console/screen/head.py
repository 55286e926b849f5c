"""The header's words: which estate, in which mode, how bad it is, as whom it is read, and how old everything is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, tzinfo

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console import __version__
from console.screen import relayed
from console.screen.acting.states import glass
from console.screen.failover.strip import strip
from console.screen.flush.strip import strip as flushed
from console.screen.glance import GRAVITY, LEVELS
from console.screen.picture import Picture
from console.screen.together.strip import incident
from console.screen.values import TONES
from console.terminal_sharing import ALONE
from console.times import clock, span, zone_mark
from widgets.tone import Tone

Run = tuple[Safe, Tone]

SPOKEN_LATELY_S = 3.0  # the engine speaks every second when values move; silence shorter than this says nothing
TDS = "tds"  # the demo's SQL Servers are asked over the wire
MODES = {"live": "LIVE", "demo": "DEMO", "replay": "REPLAY", "relay": "VIEW"}


def left(picture: Picture, estate: str, mode: str) -> list[Run]:
    """What is wrong goes first: it is what the eye should meet. A mode is a word, not a colour."""
    name = picture.meta.estate if picture.meta else sanitise(estate)
    words: list[Run] = [*relayed.warnings(picture), (sanitise(f" {name} "), Tone.TITLE)]
    if picture.meta:
        over = " TDS" if TDS in picture.meta.capabilities else ""
        words.append((sanitise(f" {MODES[picture.meta.mode]}{over}"), Tone.ACCENT))
    if mode == "view":
        words.append((Safe(" READ-ONLY"), Tone.WARN))
        words += relayed.mode(picture)
    elif picture.offers is not None:
        words.append((sanitise(f" {picture.offers.role}"), Tone.ACCENT))
    if picture.watchers != ALONE:
        many = f": {picture.watchers} watching" if picture.watchers else ""
        words.append((sanitise(f" SHARED TTY{many}"), Tone.WARN))
    words += [*strip(picture), *flushed(picture)]
    if glass(picture.ops.values()) is not None:
        words.append((Safe(" GLASS BROKEN"), Tone.BAD))
    words += counts(picture)
    if picture.status is not None and picture.status.paused:
        words.append((Safe(" COLLECTORS PAUSED"), Tone.WARN))
    if picture.frozen_s is not None:
        words.append((sanitise(f" FROZEN {span(picture.frozen_s)}"), Tone.WARN))
    return [*words, *_contact(picture)]


def counts(picture: Picture) -> list[Run]:
    """How many are how bad, over the whole estate, whatever the filter hides."""
    found: Counter[Severity] = Counter(res.level for res in picture.resources.values() if res.level)
    grave = [level for level in GRAVITY if level in found and level != Severity.INFO]
    return [(sanitise(f"  {found[level]} {LEVELS[level]}"), TONES.get(level, Tone.DIM)) for level in grave]


def right(picture: Picture, zone: tzinfo = UTC) -> list[Run]:
    """Where it looks and how old everything is; what matters least stands first, and goes first where it is narrow."""
    words = [*_where(picture), *incident(picture)]
    if picture.meta and picture.now_ms is not None and picture.age_s is not None:
        words.append((sanitise(f"  up {span((picture.now_ms - picture.meta.started) / 1000)}"), Tone.DIM))
        words += _cost(picture)
        if picture.meta.speed != 1:
            words.append((sanitise(f"  x{picture.meta.speed:g}"), Tone.DIM))
        age = picture.age_s
        words.append((sanitise(f"  data {span(age)}"), Tone.WARN if age > SPOKEN_LATELY_S else Tone.DIM))
        now = picture.now_ms
        words.append((sanitise(f"  {clock(now, zone)}{zone_mark(now, zone)} "), Tone.PLAIN))
    return words or [(sanitise(f"  {__version__} "), Tone.DIM)]


def _where(picture: Picture) -> list[Run]:
    """The account, the role and the region: whoever acts in the wrong one does harm."""
    meta = picture.meta
    if meta is None:
        return []
    parts = [meta.caller or "", _few(meta.accounts, "accounts"), _few(meta.regions, "regions")]
    return [(sanitise(f"  {part}"), Tone.DIM) for part in parts if part]


def _few(names: tuple[Safe, ...], word: str) -> str:
    return str(names[0]) if len(names) == 1 else f"{len(names)} {word}" if names else ""


def _cost(picture: Picture) -> list[Run]:
    """What a day costs at the present pace, and of what may be spent."""
    cost = picture.status.cost if picture.status else None
    if cost is None or cost.usd_per_day is None:
        return []
    budget = "" if cost.budget_usd is None else f" of ${cost.budget_usd:.2f}"
    over = cost.budget_usd is not None and cost.usd_per_day > cost.budget_usd
    return [(sanitise(f"  ${cost.usd_per_day:.2f}/day{budget}"), Tone.WARN if over else Tone.DIM)]


def _contact(picture: Picture) -> list[Run]:
    if picture.relay is not None and picture.has_engine:
        return []  # how the publisher is heard is said already
    match picture.contact:
        case "live":
            return []
        case "joining":
            return [(Safe(" joining the engine"), Tone.DIM)]
        case "lost":
            return [(sanitise(f" ENGINE LOST {span(picture.contact_s)} ago"), Tone.BAD)]
