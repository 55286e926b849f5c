"""What stands behind a line: the same hours yesterday and last week. Which are there, and what do they cost?"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from collectors.aws.prices import Prices
from collectors.safe import Safe, sanitise
from console.screen.picture import Picture
from widgets.chart import Ghost

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Points

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
LASTING_MS = 600_000  # asked for again before that, the engine answers with what it has
METERED = "cloudwatch."  # the series that have a past one can ask for


class Step(StrEnum):
    HIDE = "hide"
    SHOW = "show"
    ASK = "ask"  # and show what comes


def ghosts_of(picture: Picture, resource: str, series: Safe) -> tuple[Ghost, ...]:
    """Yesterday dotted, last week dashed, both in the times of today."""
    there = picture.ghosts.get(resource)
    past = there.series.get(series) if there else None
    if past is None:
        return ()
    both = ((Safe("yesterday"), past.yesterday, DAY_MS), (Safe("last week"), past.last_week, WEEK_MS))
    return tuple(
        Ghost(word, _shifted(points, ago), dashed=ago == WEEK_MS) for word, points, ago in both if points is not None
    )


def pressed(picture: Picture, resource: str, *, shown: bool, asked: bool, viewer: bool, family: str = METERED) -> Step:
    """What the key does. It asks where there are none or old ones, for that costs money; but never twice in a row."""
    missing = is_missing(picture, resource, family)
    if shown and (asked or viewer or not missing):
        return Step.HIDE
    return Step.ASK if not viewer and (missing or is_old(picture, resource)) else Step.SHOW


def is_missing(picture: Picture, resource: str, family: str = METERED) -> bool:
    there = picture.ghosts.get(resource)
    return there is None or not any(name.startswith(family) for name in there.series)


def is_old(picture: Picture, resource: str) -> bool:
    """Whether time has gone on beyond them."""
    there = picture.ghosts.get(resource)
    return there is None or (picture.now_ms or 0) - there.end > LASTING_MS


def price(picture: Picture, resource: str) -> Safe:
    """What it will cost at most, said before it is known."""
    res = picture.resources.get(resource)
    metrics = 2 * sum(name.startswith(METERED) for name in res.values) if res else 0
    usd = float(Prices().of("cloudwatch", "GetMetricData", 1, metrics))
    return sanitise(f"Asking for yesterday and last week: at most {metrics} metrics, {_dollars(usd)}.")


def state(picture: Picture, resource: str, *, viewer: bool) -> Safe:
    """In words, for where ghosts are to be seen: what they cost, or why there are none."""
    there = picture.ghosts.get(resource)
    if there is None or (is_missing(picture, resource) and not there.error):
        return Safe("no ghosts: only the engine's own console can ask") if viewer else Safe("no ghosts yet: b asks")
    if there.error and not there.series:
        return sanitise(f"no ghosts: {there.error}")
    partly = f", not all: {there.error}" if there.error else ""
    return sanitise(f"dotted yesterday, dashed last week: {_dollars(there.usd)}{partly}")


def _dollars(usd: float) -> str:
    return f"${usd:.4f}" if usd >= 0.0001 or not usd else "under $0.0001"


def _shifted(points: Points, ago: int) -> tuple[tuple[int, float | None], ...]:
    return tuple((time + ago, value) for time, value in zip(points.t, points.v, strict=False))
