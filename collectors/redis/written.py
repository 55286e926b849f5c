"""When did a primary's offset stand where a copy's stands now? From what was seen of it, with the clock passed in."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field

from collectors.inside.replication import NOT_MEASURED, Distance

MOST = 720  # an hour, at one look in five seconds


@dataclass(frozen=True, slots=True)
class Mark:
    t: float
    offset: int


@dataclass(slots=True)
class Written:
    """What one history was seen to grow by. Offsets of another history have no meaning here."""

    history: str  # master_replid
    _marks: deque[Mark] = field(default_factory=lambda: deque(maxlen=MOST))

    def note(self, t: float, offset: int) -> None:
        """Neither goes back: a clock or an offset that does begins anew."""
        if self._marks and (t < self._marks[-1].t or offset < self._marks[-1].offset):
            self._marks.clear()
        if self._marks and t == self._marks[-1].t:
            self._marks.pop()
        self._marks.append(Mark(t, offset))

    @property
    def newest(self) -> Mark | None:
        return self._marks[-1] if self._marks else None

    def behind(self, offset: int, now: float) -> Distance:
        """How long ago it stood at ``offset``; nothing where it is not beyond that, or was not seen to move."""
        if not self._marks:
            return NOT_MEASURED
        first, last = self._marks[0], self._marks[-1]
        if offset >= last.offset:
            return Distance(seconds=0.0, bytes=0)
        left = last.offset - offset
        if offset >= first.offset:
            return Distance(seconds=max(0.0, now - self._stood(offset)), bytes=left)
        if last.offset > first.offset:  # longer ago than was looked: at the pace since then
            per_s = (last.offset - first.offset) / (last.t - first.t)
            return Distance(seconds=now - first.t + (first.offset - offset) / per_s, bytes=left)
        if last.t > first.t:
            return Distance(seconds=now - first.t, bytes=left, at_least=True)
        return Distance(bytes=left)

    def _stood(self, offset: int) -> float:
        """Between two looks it is taken to have grown evenly."""
        place = bisect_right(self._marks, offset, key=lambda mark: mark.offset)
        before, after = self._marks[place - 1], self._marks[place]
        return before.t + (offset - before.offset) / (after.offset - before.offset) * (after.t - before.t)
