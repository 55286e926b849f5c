"""One GetMetricData for up to 500 series: what is sent, and what each of them was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from collectors.aws.cloudwatch.tracks import Points, Track
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Denied

MOST_SERIES = 500
MOST_POINTS = 100_800
MOST_PAGES = 100
GRANT = "cloudwatch:GetMetricData"
Paid = Callable[["Batch"], AbstractContextManager[bool]]
"""Whether there is money for a request, and as long as it is under way it is spent."""


@dataclass(frozen=True, slots=True)
class Batch:
    """All of one window, which is on the grid of each of them."""

    tracks: tuple[Track, ...]
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """``whole``: those of which everything was told; the others are asked again as if they had not been."""

    batch: Batch
    points: Mapping[str, Points]  # by the id of the query
    whole: frozenset[str]
    trouble: CannotCollect | None = None


def batches(tracks: Sequence[Track], begin: datetime, end: datetime, period: timedelta) -> Iterator[Batch]:
    """In their order, each as large as AWS takes."""
    if begin >= end:
        return
    size = min(MOST_SERIES, max(1, MOST_POINTS // max(1, (end - begin) // period)))
    for first in range(0, len(tracks), size):
        yield Batch(tuple(tracks[first : first + size]), begin, end)


async def ask(reader: Reader, batch: Batch, paid: Paid) -> Answered:
    """Every page that there is money for. A result that is not complete keeps what it has."""
    points: dict[str, Points] = {track.id: {} for track in batch.tracks}
    codes: dict[str, str] = {}
    request: dict[str, Any] = {
        "MetricDataQueries": [track.query for track in batch.tracks],
        "StartTime": batch.begin,
        "EndTime": batch.end,
        "ScanBy": "TimestampDescending",
    }
    for _ in range(MOST_PAGES):
        with paid(batch) as may:
            if not may:
                return Answered(batch, points, frozenset())
            answer = await reader.call("cloudwatch", "GetMetricData", **request)
        for result in answer.get("MetricDataResults", ()):
            name = str(result.get("Id", ""))
            if name in points:
                points[name].update(zip(result.get("Timestamps", ()), result.get("Values", ()), strict=False))
                codes[name] = str(result.get("StatusCode", "Complete"))
        token = answer.get("NextToken")
        if not token:
            break
        request["NextToken"] = token
    whole = frozenset(name for name in points if codes.get(name, "Complete") == "Complete")
    return Answered(batch, points, whole, _trouble(codes))


def _trouble(codes: Mapping[str, str]) -> CannotCollect | None:
    refused = sum(code == "Forbidden" for code in codes.values())
    if refused:
        mend = f"Allow {GRANT} for these metrics too."
        return Denied(f"{refused} metrics may not be read.", grant=GRANT, seen="StatusCode Forbidden", mend=mend)
    broken = sum(code == "InternalError" for code in codes.values())
    if broken:
        return CannotCollect(f"CloudWatch has no answer for {broken} metrics.", seen="StatusCode InternalError")
    return None
