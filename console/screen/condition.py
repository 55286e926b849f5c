"""Is there something that keeps a pane from being believed, since when, why, and what would mend it? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.picture import Picture
from console.times import span
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res
    from console.protocol.status import CollectorState


class Kind(StrEnum):
    """Which of the ways not to be well."""

    GONE = "gone"  # what it is about is no longer there
    STALE = "stale"  # it was so, and may no longer be
    PAUSED = "paused"
    DENIED = "denied"
    BROKEN = "broken"
    LOADING = "loading"
    ABSENT = "absent"  # nobody asks for it


TONES = {Kind.DENIED: Tone.BAD, Kind.BROKEN: Tone.BAD, Kind.GONE: Tone.WARN, Kind.STALE: Tone.WARN}
NOTHING = Safe("")
LOGGED_IN = ("waits", "sessions", "queries", "indexes", "files", "memory", "counters", "deadlocks")
OF_ANY_ENGINE = ("replica-lag",)
OF_CACHES = ("cache", "slow-log", "latency")
SECTIONS = {"sqlserver": "sqlserver", "postgres": "postgres", "mysql": "mysql", "mariadb": "mysql", "redis": "redis",
            "valkey": "redis"}  # fmt: skip
"""Which part of the profile says how a server is logged in to, by what its engine is called."""
_UNWELL = ("denied", "failing", "late", "pending")


@dataclass(frozen=True, slots=True)
class Condition:
    """``words``: what, since when and why. ``mend``: what would make it well; empty where nobody can do anything."""

    kind: Kind
    words: Safe
    mend: Safe = NOTHING

    @property
    def tone(self) -> Tone:
        return TONES.get(self.kind, Tone.DIM)


def condition(picture: Picture, resource: str, collector: str) -> Condition | None:
    """Of what one collector tells of one resource; None where it is well."""
    res = picture.resources.get(resource)
    if picture.contact == "lost":
        lost = f"The engine is lost for {span(picture.contact_s)}: this is what it said last."
        return Condition(Kind.STALE, sanitise(lost), Safe("It is looked for; nothing has to be done here."))
    if res is None:
        return Condition(Kind.GONE, sanitise(f"{resource} is no longer in the estate."), Safe("1 lists what is."))
    if picture.status is None:
        return Condition(Kind.LOADING, Safe("The engine has not said yet how its collectors do."))
    if picture.status.paused:
        return Condition(
            Kind.PAUSED, Safe("Every collector is paused: all grows old."), Safe("5, then P lets them go on.")
        )
    asked = _asked(picture, resource, collector)
    return _of(asked, picture.now_ms or 0) if asked else _absent(collector, res)


def heard_ms(picture: Picture, resource: str, collector: str) -> int | None:
    """When one collector last brought something of one resource."""
    times = [each.last for each in _asked(picture, resource, collector) if each.last is not None]
    return max(times, default=None)


def _asked(picture: Picture, resource: str, collector: str) -> list[CollectorState]:
    res = picture.resources.get(resource)
    if res is None or picture.status is None:
        return []
    return [each for each in picture.status.collectors if each.name == collector and is_about(each, resource, res)]


def is_about(collector: CollectorState, resource: str, res: Res) -> bool:
    """A collector reads one resource, or a place: a region and the name of an account."""
    return collector.target == resource or collector.target.partition(".")[0] == res.region


def _absent(collector: str, res: Res) -> Condition:
    words = f"Waits for a collector of {collector}: this engine has none for {res.engine or res.kind}."
    section = next((section for engine, section in SECTIONS.items() if engine in res.engine), "")
    is_asked = collector in OF_ANY_ENGINE or (collector in LOGGED_IN and section == "sqlserver")
    is_asked = is_asked or (collector in OF_CACHES and section == "redis")
    mend = f"[[{section}]] of the profile says how it is logged in to." if section and is_asked else ""
    return Condition(Kind.ABSENT, sanitise(words), sanitise(mend))


def _of(asked: Sequence[CollectorState], now: int) -> Condition | None:
    if any(each.paused for each in asked):
        return Condition(Kind.PAUSED, sanitise(f"{asked[0].name} is paused."), Safe("5, then p lets it go on."))
    worst = min(asked, key=lambda each: _UNWELL.index(each.state) if each.state in _UNWELL else len(_UNWELL))
    since = f" for {span((now - worst.since) / 1000)}" if worst.since is not None else ""
    why = f": {worst.error}" if worst.error else "."
    match worst.state:
        case "denied":
            missing = "" if worst.grant is None or worst.grant in why else f" It needs {worst.grant}."
            return Condition(Kind.DENIED, sanitise(f"{worst.name} is denied{since}{why}{missing}"), _mend(worst, why))
        case "failing":
            return Condition(Kind.BROKEN, sanitise(f"{worst.name} fails{since}{why}"), _mend(worst, why))
        case "late":
            return Condition(Kind.STALE, sanitise(f"{worst.name} is late{since}{why}"), _mend(worst, why))
        case "pending":
            return Condition(Kind.LOADING, sanitise(f"{worst.name} is being asked for the first time."))
    return None


def _mend(told: CollectorState, why: str) -> Safe:
    """What the error does not say itself."""
    return told.mend if told.mend and told.mend not in why else Safe("")
