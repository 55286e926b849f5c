"""What has a counter counted by a time? The sum of its rate since it began, the same for whoever asks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from math import floor

CELL_S = 5.0  # in which a rate is taken as what it is at the beginning: as often as the quickest collector asks
KEPT = 8  # cells, for whoever asks a little behind another

Rates = Callable[[float], Mapping[str, float]]
"""What each counter gains per second at a time. A name that is absent gains nothing."""


class Counted:
    """Counters that began at ``began``; before ``start``, from where the play is known, they gained as they do then."""

    def __init__(self, rates: Rates, began: float, start: float, cell_s: float = CELL_S) -> None:
        self._rates, self._cell_s = rates, cell_s
        self._start = max(began, start)
        uptime = max(0.0, start - began)
        base = {name: rate * uptime for name, rate in rates(self._start).items()} if uptime else {}
        self._cells: deque[tuple[int, dict[str, float]]] = deque([(0, base)], maxlen=KEPT)
        self._base = base

    def at(self, t: float) -> dict[str, float]:
        """By name. Never less than at an earlier time."""
        passed = max(0.0, t - self._start)
        cell = floor(passed / self._cell_s)
        totals = dict(self._up_to(cell))
        _add(totals, self._rates(self._start + cell * self._cell_s), passed - cell * self._cell_s)
        return totals

    def _up_to(self, cell: int) -> Mapping[str, float]:
        for known, totals in self._cells:
            if known == cell:
                return totals
        at, totals = self._cells[-1] if self._cells[-1][0] < cell else (0, self._base)
        totals = dict(totals)
        for each in range(at, cell):
            _add(totals, self._rates(self._start + each * self._cell_s), self._cell_s)
        if cell > self._cells[-1][0]:
            self._cells.append((cell, totals))
        return totals


def _add(totals: dict[str, float], rates: Mapping[str, float], seconds: float) -> None:
    for name, rate in rates.items():
        totals[name] = totals.get(name, 0.0) + rate * seconds
