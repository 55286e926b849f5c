"""What was one value over the last hours? Columns of times and numbers, of bounded length."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left

CAPACITY = 720  # an hour at every five seconds, twelve at every minute
Columns = tuple[list[int], list[float | None]]


class Series:
    """Points in the order of their times, one for each time; NaN inside, None outside, is a gap."""

    __slots__ = ("_capacity", "_slack", "_times", "_values")

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._slack = max(1, capacity // 16)  # let go in one piece, so that a point costs no move of all
        self._times = array("q")
        self._values = array("d")

    def __len__(self) -> int:
        return min(len(self._times), self._capacity)

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
            self._times.insert(at, t)  # too old for a full series: never seen, and gone with the next slack
            self._values.insert(at, number)
        if len(self._times) >= self._capacity + self._slack:
            del self._times[: -self._capacity]
            del self._values[: -self._capacity]

    def since(self, t: int) -> Columns:
        """The points from ``t`` on."""
        start = max(bisect_left(self._times, t), len(self._times) - self._capacity)
        values = self._values[start:]
        return self._times[start:].tolist(), [None if math.isnan(value) else value for value in values]
