"""What may be spent at this moment? The day's money without what is promised to requests that are under way."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

ATTEMPTS = 2  # a request may be sent again after a lost connection, and is paid again
LEFT_BEHIND = timedelta(minutes=1)  # a request that nobody waits for any more may yet be sent again


class Purse(Protocol):
    """The day's money."""

    @property
    def price_per_metric(self) -> float: ...
    def left_today(self) -> float:
        """Dollars; infinity where there is no budget."""


class Till:
    def __init__(self, purse: Purse, now: Callable[[], datetime]) -> None:
        self._purse = purse
        self._now = now
        self._promised = 0.0
        self._left_behind: list[tuple[datetime, float]] = []

    @property
    def price(self) -> float:
        return self._purse.price_per_metric

    def left(self) -> float:
        """Dollars that are promised to nobody."""
        now = self._now()
        self._left_behind = [(at, cost) for at, cost in self._left_behind if timedelta(0) <= now - at < LEFT_BEHIND]
        return self._purse.left_today() - self._promised - sum(cost for _, cost in self._left_behind)

    def buys(self, usd: float) -> int:
        """How many series may be asked for with that."""
        cost = self._cost(1)
        return int(max(0.0, usd) / cost) if cost > 0 and usd < float("inf") else sys.maxsize

    @contextmanager
    def paying(self, series: int, reserve: float) -> Iterator[bool]:
        """Whether there is money for a request; until it has ended, nobody else may spend it."""
        cost = self._cost(series)
        if cost > self.left() - reserve and cost > 0:
            yield False
            return
        self._promised += cost
        try:
            yield True
        except asyncio.CancelledError:
            self._left_behind.append((self._now(), cost))
            raise
        finally:
            self._promised -= cost

    def _cost(self, series: int) -> float:
        """Once for each time it may be sent."""
        return series * self.price * ATTEMPTS
