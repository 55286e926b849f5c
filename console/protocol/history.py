"""How did one series go? Points in order of time, whatever order they came in, and no more than a chart needs."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable

SPAN_MS = 3 * 3_600_000
MOST_POINTS = 2_000
_SLACK = 250  # points over the most before the oldest are cut off: cutting at each would move all of them

Columns = tuple[tuple[int, ...], tuple[float | None, ...]]


class Series:
    """Columns of times in ms and values; None is a gap."""

    __slots__ = ("_t", "_v")

    def __init__(self) -> None:
        self._t = array("q")
        self._v = array("d")

    def __len__(self) -> int:
        return len(self._window())

    def add(self, t: int, v: float | None) -> None:
        """A point; of two at one time the later told counts."""
        value = math.nan if v is None else v
        if not self._t or t > self._t[-1]:
            self._t.append(t)
            self._v.append(value)
        else:
            place = bisect_left(self._t, t)
            if self._t[place] == t:
                self._v[place] = value
            else:
                self._t.insert(place, t)
                self._v.insert(place, value)
        if len(self._t) > MOST_POINTS + _SLACK:
            del self._t[:-MOST_POINTS], self._v[:-MOST_POINTS]

    def merge(self, points: Iterable[tuple[int, float | None]]) -> None:
        for t, v in points:
            self.add(t, v)

    def columns(self, since: int = 0) -> Columns:
        """The points from ``since`` on, as they are now."""
        window = self._window()
        start = max(window.start, bisect_left(self._t, since))
        values = (None if math.isnan(v) else v for v in self._v[start:])
        return tuple(self._t[start:]), tuple(values)

    def _window(self) -> range:
        """Which points count: the last three hours, and at most so many."""
        if not self._t:
            return range(0)
        oldest = bisect_left(self._t, self._t[-1] - SPAN_MS)
        return range(max(oldest, len(self._t) - MOST_POINTS), len(self._t))
