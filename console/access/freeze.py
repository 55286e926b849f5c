"""Is this a time in which nothing may be changed? Several say so, and each of them alone is enough.

What cannot be asked has said neither yes nor no. Then a snapshot is taken with a warning and nothing else is done:
a freeze must not end because its calendar is out of reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from collectors.safe import NO_TEXT, Safe, sanitise
from console.access.refusal import Refusal, moment, refusal
from profiles.access import DAYS, FreezeFile, FreezeWindow

_DAY = timedelta(days=1)
_MOST_LINKS = 60  # of windows that follow each other: who is frozen for longer is not told until when


class State(StrEnum):
    OPEN = "open"
    FROZEN = "frozen"
    UNKNOWN = "unknown"  # neither yes nor no


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says. ``until``: of a freeze that has an end. ``seen``: of one that could not be asked."""

    source: Safe
    state: State
    name: Safe = NO_TEXT  # of the window or calendar
    until: datetime | None = None
    seen: Safe = NO_TEXT
    is_passive: bool = False


@dataclass(frozen=True, slots=True)
class Freeze:
    """What all of them come to. A switch to passive is a freeze that lets nothing through, and that no glass breaks."""

    state: State
    is_passive: bool = False
    name: Safe = NO_TEXT
    source: Safe = NO_TEXT
    until: datetime | None = None
    seen: Safe = NO_TEXT

    @property
    def may_break_glass(self) -> bool:
        return not self.is_passive

    def verdict(self, *, in_a_freeze: bool) -> Literal["pass", "warn", "block"]:
        """``in_a_freeze``: whether the action is one that a freeze lets through."""
        if self.state is State.OPEN:
            return "pass"
        if self.is_passive or not in_a_freeze:
            return "block"
        return "pass" if self.state is State.FROZEN else "warn"

    def refusal(self, now: datetime) -> Refusal:
        """Of one that does not let everything through."""
        until = f" until {moment(self.until, now)}" if self.until else ""
        if self.is_passive:
            mend = "Whoever set `passive` there takes it away."
            return refusal("Nothing is changed from here: the console is passive.", seen=self.source, mend=mend)
        if self.state is State.FROZEN:
            glass = "An admin may break the glass."
            mend = f"Wait{until}. {glass}" if until else glass
            return refusal(f'Freeze "{self.name}"{until} (admin may break glass).', seen=self.source, mend=mend)
        mend = f"See why {self.source} cannot be read. An admin may break the glass."
        return refusal("Freeze state unknown.", seen=f"{self.source}: {self.seen}", mend=mend)


def judge(said: Iterable[Said]) -> Freeze:
    """One that says yes outweighs those that do not know; of several freezes the one that ends last is told."""
    told = sorted(said, key=_weight, reverse=True)
    worst = told[0] if told else Said(Safe("the profile"), State.OPEN)
    return Freeze(worst.state, worst.is_passive, worst.name, worst.source, worst.until, worst.seen)


def _weight(said: Said) -> tuple[bool, int, datetime]:
    gravity = {State.OPEN: 0, State.UNKNOWN: 1, State.FROZEN: 2}[said.state]
    return said.is_passive, gravity, said.until or datetime.max.replace(tzinfo=UTC)


def of_windows(said: FreezeFile, source: Safe, now: datetime) -> Said:
    """What a profile, or the file beside it, says of now."""
    if said.passive:
        return Said(source, State.FROZEN, Safe("passive"), is_passive=True)
    frozen = [(end, window) for window in said.freezes if (end := end_of(window, now)) is not None]
    if not frozen:
        return Said(source, State.OPEN)
    _, first = max(frozen, key=lambda each: each[0])
    return Said(source, State.FROZEN, sanitise(first.name), _end_of_all(said.freezes, now))


def end_of(window: FreezeWindow, now: datetime) -> datetime | None:
    """When the window in which ``now`` lies is over; None where it lies in none."""
    return max((end for start, end in _spans(window, now) if start <= now < end), default=None)


def _spans(window: FreezeWindow, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Those that could hold this moment: of a weekly one today's, and yesterday's where it goes past midnight."""
    if not window.days:
        yield window.start, window.end
        return
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    begins, ends = _of_day(window.from_ or "00:00"), _of_day(window.until or "24:00")
    lasts = ends - begins if ends > begins else ends + _DAY - begins
    for day in (today - _DAY, today):
        if DAYS[day.weekday()] in window.days:
            yield day + begins, day + begins + lasts


def _of_day(said: str) -> timedelta:
    hours, minutes = said.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def _end_of_all(windows: Sequence[FreezeWindow], now: datetime) -> datetime | None:
    """Windows that follow each other without a gap are over when the last of them is."""
    end = now
    for _ in range(_MOST_LINKS):
        later = max((each for window in windows if (each := end_of(window, end)) is not None), default=None)
        if later is None:
            return end
        end = later
    return None
