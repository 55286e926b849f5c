"""Why something may not be done, in the three lines that a person reads; and how long ago, or how long yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collectors.errors import Trouble
from collectors.safe import NO_TEXT, Safe, sanitise

_STEPS = ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """``mend``: what would unblock it."""

    what: Safe
    seen: Safe = NO_TEXT
    mend: Safe = NO_TEXT

    def trouble(self) -> Trouble:
        return Trouble(self.what, seen=self.seen, mend=self.mend)


def refusal(what: str, seen: str = "", mend: str = "") -> Refusal:
    return Refusal(sanitise(what), sanitise(seen), sanitise(mend))


def ago(since: datetime, now: datetime) -> str:
    """`38 s`, `11 min`: rounded down; a time to come, by a clock that was set, is now."""
    return _in_words(max(0, int((now - since).total_seconds())))


def left(wait: timedelta) -> str:
    """The same rounded up, so that it is over when it is said to be."""
    return _in_words(max(0, -int(-wait.total_seconds() // 1)), up=True)


def _in_words(seconds: int, *, up: bool = False) -> str:
    for limit, size, unit in _STEPS:
        if seconds < limit:
            return f"{-(-seconds // size) if up else seconds // size} {unit}"
    return f"{-(-seconds // 86_400) if up else seconds // 86_400} d"


def moment(when: datetime, now: datetime) -> str:
    """`06:00Z` where that is within a day, else with its date."""
    when = when.astimezone(UTC)
    near = abs(when - now) < timedelta(days=1)
    return f"{when:%H:%MZ}" if near else f"{when:%Y-%m-%d %H:%MZ}"
