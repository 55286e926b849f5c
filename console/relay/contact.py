"""Is what is shown as new as the publisher makes it, late, or the last that was heard? Pure: the clock is passed in.

No clock is compared with another's: a message is late by how much longer it took than the quickest one of that engine,
whatever the two clocks say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

State = Literal["joining", "live", "late", "lost"]

LATE_S = 3.0  # a publisher tells once a second, and a broker passes on at once
QUIET_S = 12.0  # it says `status` each ten seconds at least
LOST_S = 30.0


@dataclass(frozen=True, slots=True)
class Told:
    state: State
    late_s: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Times are seconds of one monotonic clock, ``at`` of the publisher's."""

    broken: str = "the broker has not answered yet"  # why there is no connection; empty: there is one
    is_new: bool = True  # there never was one
    heard: float | None = None  # when something live came last, on this connection
    since: float = 0.0  # when the connection began
    is_away: bool = False
    newest_at: float | None = None  # of what was heard live
    least: float | None = None  # by how much our clock was ahead of the publisher's when the quickest message came
    late_s: float = 0.0  # of the newest message

    def connected(self, now: float) -> Contact:
        """What the quickest message took is known from before: the first one now may be late already."""
        return Contact(broken="", is_new=False, since=now, least=self.least)

    def lost(self, why: str) -> Contact:
        return replace(self, broken=why or "broker away", heard=None)

    def away(self) -> Contact:
        """The publisher has left."""
        return replace(self, is_away=True, heard=None)

    def begun(self) -> Contact:
        """Another engine speaks, by its own clock."""
        return replace(self, newest_at=None, least=None, late_s=0.0)

    def told(self, now: float, at_ms: int, speed: float) -> Contact:
        """Something live came. What was said before the newest is told again, and says nothing about the way."""
        at = at_ms / 1000 / speed
        if self.newest_at is not None and at <= self.newest_at:
            return replace(self, heard=now, is_away=False)
        ahead = now - at
        least = ahead if self.least is None else min(self.least, ahead)
        late = ahead - least
        return replace(self, heard=now, is_away=False, newest_at=at, least=least, late_s=late)

    def state(self, now: float) -> Told:
        if self.broken:
            return Told("joining" if self.is_new else "lost", why=self.broken)
        if self.is_away:
            return Told("lost", why="publisher away")
        silent = now - (self.since if self.heard is None else self.heard)
        if silent > LOST_S:
            return Told("lost", why="publisher silent")
        if self.heard is None:
            return Told("joining", why="nothing was heard yet")
        late = max(self.late_s, silent if silent > QUIET_S else 0.0)
        return Told("late", late) if late > LATE_S else Told("live")
