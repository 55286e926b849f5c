"""What was one value over the last hours? Columns of times and numbers in stdlib arrays, of bounded length."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left

CAPACITY = 720  # an hour at every five seconds, twelve at every minute
Columns = tuple[tuple[int, ...], tuple[float | None, ...]]  # times in ms, rising, and the values at them; None is a gap


class Series:
    """Points in the order of their times, one for each time, whatever order they come in."""

    __slots__ = ("_capacity", "_slack", "_span_ms", "_times", "_values")

    def __init__(self, capacity: int = CAPACITY, span_ms: int | None = None) -> None:
        """``capacity``: the most points. ``span_ms``: how long before the newest a point still counts."""
        self._capacity = capacity
        self._span_ms = span_ms
        self._slack = max(1, capacity // 16)  # let go in one piece, so that a point costs no move of all
        self._times = array("q")
        self._values = array("d")  # NaN is a gap

    def __len__(self) -> int:
        return len(self._times) - self._oldest()

    def put(self, t: int, value: float | None) -> None:
        """A point at ``t``: a late one finds its place, one of a known time replaces it, a too old one is let go."""
        number = math.nan if value is None else value
        if not self._times or t > self._times[-1]:
            self._times.append(t)
            self._values.append(number)
        else:
            at = bisect_left(self._times, t)
            if self._times[at] == t:
                self._values[at] = number
                return
            if at <= len(self._times) - self._capacity:
                return
            self._times.insert(at, t)
            self._values.insert(at, number)
        if len(self._times) >= self._capacity + self._slack:
            del self._times[: -self._capacity]
            del self._values[: -self._capacity]

    def columns(self, since: int = 0) -> Columns:
        """The points from ``since`` on."""
        start = max(bisect_left(self._times, since), self._oldest())
        return tuple(self._times[start:]), tuple(None if math.isnan(v) else v for v in self._values[start:])

    def _oldest(self) -> int:
        """The first point that counts."""
        first = max(0, len(self._times) - self._capacity)
        if self._span_ms is not None and self._times:
            first = max(first, bisect_left(self._times, self._times[-1] - self._span_ms))
        return first
