"""What has gathered until a time, of a rate that is summed over the last steps before it? The same in any order."""

from __future__ import annotations

import math
from collections.abc import Callable

MOST_KEPT = 256  # rates at the edges of steps: an hour that is asked minute by minute asks for each of them often


class Summed:
    """``rate`` per second is taken at the edges of steps that stand still in time; what was taken lately is kept."""

    def __init__(self, rate: Callable[[float], float], step_s: int, steps: int) -> None:
        self._rate = rate
        self._step_s = step_s
        self._steps = steps
        self._kept: dict[int, float] = {}

    def at(self, t: float, begin: float, within: Callable[[float], float]) -> float:
        """From ``begin`` that many steps ago; ``within`` holds it in its bounds after each."""
        last, gathered = math.floor(t / self._step_s), begin
        for edge in range(last - self._steps, last):
            gathered = within(gathered + self._at_edge(edge) * self._step_s)
        return within(gathered + self._at_edge(last) * (t - last * self._step_s))

    def _at_edge(self, edge: int) -> float:
        found = self._kept.get(edge)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[edge] = self._rate(float(edge * self._step_s))
        return found
