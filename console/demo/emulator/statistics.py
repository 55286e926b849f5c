"""What is the statistic of a metric over a period, given its points of each minute?"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

SAMPLES = 6  # of a minute, where a metric is read by its average
PLAIN = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_PERCENTILE = re.compile(r"(p|tm)(\d{1,2}(?:\.\d{1,10})?|100)")
_TRIMMED = re.compile(r"TM\((\d{1,2}(?:\.\d+)?)?%?:(\d{1,3}(?:\.\d+)?)?%?\)")

Spread = Callable[[int, float], float]
"""How far the samples of the minute that begins then stray from its point."""


def own_samples(statistic: str) -> int:
    """A metric that is read by its extreme or its sum is told once a minute, so that its average is the same number."""
    return SAMPLES if statistic == "Average" else 1


@dataclass(frozen=True, slots=True)
class Statistic:
    """One of AWS's five, or the mean or the edge of what lies between two shares of the samples in their order."""

    name: str
    low: float = 0.0
    high: float = 1.0

    @classmethod
    def parse(cls, text: str) -> Statistic | None:
        """None where it is not one that the demo knows."""
        if text in PLAIN:
            return cls(text)
        if text == "IQM":
            return cls("tm", 0.25, 0.75)
        if found := _PERCENTILE.fullmatch(text):
            return cls(found[1], high=float(found[2]) / 100)
        if (found := _TRIMMED.fullmatch(text)) and (found[1] or found[2]) and "%" in text:
            low, high = float(found[1] or 0) / 100, float(found[2] or 100) / 100
            return cls("tm", low, high) if low < high <= 1 else None
        return None

    @property
    def extended(self) -> bool:
        return self.name not in PLAIN

    def of(
        self, stamps: Sequence[int], points: Sequence[float], samples: int, spread: Spread, minutes: int = 1
    ) -> float:
        """``points``: at least one; each is the mean of as many samples, and stands for as many minutes."""
        match self.name:
            case "Average":
                return points[0] if len(points) == 1 else math.fsum(points) / len(points)
            case "Sum":
                return minutes * samples * math.fsum(points)
            case "SampleCount":
                return float(minutes * samples * len(points))
        if samples == 1:
            return self._over(sorted(points))
        each = zip(stamps, points, strict=True)
        return self._over(sorted(chain.from_iterable(strewn(p, spread(t, p)) for t, p in each)))

    def _over(self, ordered: list[float]) -> float:
        match self.name:
            case "Minimum":
                return ordered[0]
            case "Maximum":
                return ordered[-1]
            case "p":
                return ordered[max(0, math.ceil(self.high * len(ordered)) - 1)]
            case _:
                first = min(math.floor(self.low * len(ordered)), len(ordered) - 1)
                kept = ordered[first : max(first + 1, math.ceil(self.high * len(ordered)))]
                return math.fsum(kept) / len(kept)


def strewn(point: float, stray: float) -> tuple[float, ...]:
    """A minute's samples: in pairs about the point, so that their mean is the point."""
    half = stray / 2 if stray % 1 else stray // 2  # what counts whole things strays by whole things
    return (point - stray, point - half, point, point, point + half, point + stray)
