"""How fast may keys be deleted, so that nobody else waits for it? Pure: what a journey took goes in."""

from __future__ import annotations

from dataclasses import dataclass, replace

MOST = 10_000.0  # keys a second
LEAST = 500.0
BATCH = 40  # keys in one journey: a node serves nobody else meanwhile, for a tenth of a millisecond
LOOKED_AT = 5  # so many keys that are only looked at cost a node about what one that is deleted does
SLOW, LEEWAY_S = 3.0, 0.005  # a journey that takes so much longer than the quickest tells of a node that is busy
QUICKER, SLOWER = 1.1, 0.5


@dataclass(frozen=True, slots=True)
class Pace:
    """``rate`` in keys a second; ``quickest``: the journey that took least, in seconds."""

    rate: float = MOST
    most: float = MOST
    quickest: float = float("inf")

    def after(self, took_s: float) -> Pace:
        """Slower at once where the node is busy, and up again little by little."""
        quickest = min(self.quickest, took_s)
        is_busy = took_s > quickest * SLOW + LEEWAY_S
        rate = max(min(LEAST, self.most), self.rate * SLOWER) if is_busy else min(self.most, self.rate * QUICKER)
        return replace(self, rate=rate, quickest=quickest)

    def seconds(self, deleted: int, looked_at: int) -> float:
        """How much time that much work shall take."""
        return max(deleted, looked_at / LOOKED_AT) / self.rate
