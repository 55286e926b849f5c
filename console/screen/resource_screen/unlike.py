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
    from console.protocol.bodies import Ghosts, Points
    from console.protocol.res import Res

LEAST_POINTS = 4  # of either side: what is said of fewer is chance
LEAST_SPREAD = 0.05  # of the values: below that nobody would call it a difference
LEAST_PERCENT = 1.0
REMARKABLE = 3.0  # spreads
NORMAL = 1.4826  # the median distance from the median, as a standard deviation
MOST_TIMES = 100.0
LONGEST_MS = 30 * 60_000  # what is older than this is not the present


@dataclass(frozen=True, slots=True)
class Unlike:
    """``score``: by how many spreads it differs from the ghost that is more like it."""

    series: Safe
    score: float
    yesterday: Safe
    last_week: Safe


@dataclass(frozen=True, slots=True)
class Comparison:
    """``unlike``: the least usual first. ``compared``: how many series there was enough of."""

    unlike: tuple[Unlike, ...] = ()
    compared: int = 0


def compare(
    history: Mapping[str, History], ghosts: Ghosts | None, res: Res | None, stretch: tuple[int, int]
) -> Comparison:
    """What differs from one ghost and is like the other is usual: a job of every week."""
    found, compared = [], 0
    for series, past in (ghosts.series if ghosts else {}).items():
        begin, now = _present(history.get(series), *stretch)
        value = res.values.get(series) if res else None
        unit = value.u if value else Safe("")
        pairs = ((past.yesterday, DAY_MS, "yesterday"), (past.last_week, WEEK_MS, "last week"))
        told = [(_past(points, (begin, stretch[1]), ago), word) for points, ago, word in pairs]
        scores = [each for then, _ in told if (each := score(now, then, unit)) is not None]
        compared += bool(scores)
        if scores and min(scores) >= REMARKABLE:
            said = [words(now, then, word, unit) for then, word in told]
            found.append(Unlike(series, min(scores), said[0], said[1]))
    return Comparison(tuple(sorted(found, key=lambda each: (-each.score, each.series))), compared)


def usual(found: Comparison) -> Safe:
    """For where the list is empty."""
    if not found.compared:
        return Safe("Too few points in this stretch to compare: - shows more.")
    return sanitise(f"None of {found.compared} values is unlike both yesterday and last week.")


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


def _present(history: History | None, start: int, end: int) -> tuple[int, list[float]]:
    """The values of the stretch, and when they begin: earlier where there are too few, for CloudWatch is late."""
    if history is None:
        return start, []
    times, values = history.columns(min(start, end - LONGEST_MS))
    points = [(time, value) for time, value in zip(times, values, strict=True) if value is not None and time < end]
    seen = [point for point in points if point[0] >= start]
    seen = seen if len(seen) >= LEAST_POINTS else points[-LEAST_POINTS:]
    return (min(start, seen[0][0]) if seen else start), [value for _, value in seen]


def _past(points: Points | None, stretch: tuple[int, int], ago: int) -> list[float]:
    """What it was so long ago, within the same stretch of the day."""
    if points is None:
        return []
    pairs = zip(points.t, points.v, strict=False)
    return [value for time, value in pairs if value is not None and stretch[0] <= time + ago < stretch[1]]
