"""Is the time that a page stays in memory bad news? Never by a bare number: by how it fell, and for how much memory."""

from __future__ import annotations

from collections import deque

from collectors.inside.memory import PageLife

WITHIN_S = 300.0  # in which a fall by half says that something has swept through memory
HALF = 0.5
SHORT_S = 300.0  # for each four GiB of what is buffered
SHORT_FOR_KB = 4 * 1024 * 1024
SETTLED_S = 600.0  # a server that has just begun can have no long page life; before that a fall is none


class PageLifePast:
    """What it was during the last minutes, on one node."""

    def __init__(self) -> None:
        self._past: deque[tuple[float, float]] = deque()

    def judge(self, t: float, life_s: float, buffered_kb: int) -> PageLife:
        """Takes in the value of now. ``t`` in seconds, of any clock that only rises."""
        while self._past and self._past[0][0] < t - WITHIN_S:
            self._past.popleft()
        highest = max((value for _, value in self._past), default=life_s)
        self._past.append((t, life_s))
        if highest >= SETTLED_S and life_s < HALF * highest:
            return PageLife.FELL
        if life_s < least_s(buffered_kb):
            return PageLife.SHORT
        return PageLife.FINE


def least_s(buffered_kb: int) -> float:
    """Below it the pages of so much memory are read again too soon."""
    return SHORT_S * buffered_kb / SHORT_FOR_KB
