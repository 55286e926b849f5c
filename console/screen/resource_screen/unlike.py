"""What is least like usual? Each series now against the same stretch yesterday and last week. Pure and robust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.ghosts import DAY_MS, WEEK_MS
from console.screen.picture import History

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Ghosts, Points, Res

LEAST_POINTS = 4  # of either side: what is said of fewer is chance
LEAST_SPREAD = 0.05  # of the values: below that nobody would call it a difference
LEAST_PERCENT = 1.0
REMARKABLE = 3.0  # spreads
NORMAL = 1.4826  # the median distance from the median, as a standard deviation
MOST_TIMES = 100.0


@dataclass(frozen=True, slots=True)
class Unlike:
    """``score``: by how many spreads it differs from the ghost that is more like it."""

    series: Safe
    score: float
    yesterday: Safe
    last_week: Safe


def unlike(
    history: Mapping[str, History], ghosts: Ghosts | None, res: Res | None, stretch: tuple[int, int]
) -> list[Unlike]:
    """The least usual first. What differs from one ghost and is like the other is usual: a job of every week."""
    found = []
    for series, past in (ghosts.series if ghosts else {}).items():
        now = _values(history.get(series), *stretch)
        value = res.values.get(series) if res else None
        unit = value.u if value else Safe("")
        pairs = ((past.yesterday, DAY_MS, "yesterday"), (past.last_week, WEEK_MS, "last week"))
        told = [(_past(points, stretch, ago), word) for points, ago, word in pairs]
        scores = [score(now, then, unit) for then, _ in told]
        known = [each for each in scores if each is not None]
        if known and min(known) >= REMARKABLE:
            said = [words(now, then, word, unit) for then, word in told]
            found.append(Unlike(series, min(known), said[0], said[1]))
    return sorted(found, key=lambda each: (-each.score, each.series))


def score(now: Sequence[float], then: Sequence[float], unit: str = "") -> float | None:
    """By how many of the ghost's spreads the medians differ; None where there are too few points to say."""
    if min(len(now), len(then)) < LEAST_POINTS:
        return None
    middle, usual = median(now), median(then)
    spread = NORMAL * median(abs(value - usual) for value in then)
    least = LEAST_SPREAD * max(abs(middle), abs(usual))
    spread = max(spread, least, LEAST_PERCENT if unit == "Percent" else 0.0)
    return abs(middle - usual) / spread if spread > 0 else 0.0


def words(now: Sequence[float], then: Sequence[float], word: str, unit: str = "") -> Safe:
    """`3.1x yesterday's`; where that was nothing, what it was."""
    if min(len(now), len(then)) < LEAST_POINTS:
        return sanitise(f"no {word}")
    middle, usual = median(now), median(then)
    if usual == 0 or middle / usual < 0:
        return sanitise(f"{word} {number(usual, unit)}")
    times = middle / usual
    if times >= MOST_TIMES:
        return sanitise(f">{MOST_TIMES:.0f}x {word}'s")
    return sanitise(f"{times:.1f}x {word}'s" if times >= 0.95 else f"{times:.2f}x {word}'s")


def _values(history: History | None, start: int, end: int) -> list[float]:
    if history is None:
        return []
    times, values = history.columns(start)
    return [value for time, value in zip(times, values, strict=True) if value is not None and time < end]


def _past(points: Points | None, stretch: tuple[int, int], ago: int) -> list[float]:
    """What it was so long ago, within the same stretch of the day."""
    if points is None:
        return []
    pairs = zip(points.t, points.v, strict=False)
    return [value for time, value in pairs if value is not None and stretch[0] <= time + ago < stretch[1]]
