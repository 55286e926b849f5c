"""One GetMetricData for up to 500 series: what is sent, and what each of them was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors.aws.cloudwatch.tracks import Points, Track, Window, floor
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Denied
from collectors.safe import sanitise

MOST_SERIES = 500  # with three hours of minutes each they are under the 100,800 points that AWS gives at once
MOST_PAGES = 100
GRANT = "cloudwatch:GetMetricData"
Paying = Callable[["Batch"], AbstractContextManager[bool]]
"""Whether there is money for a request, and as long as it is under way it is spent."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is asked together, in a window that has the windows of all of them at that time."""

    tracks: tuple[Track, ...]
    tier: int  # of those that matter least
    at: datetime
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """``whole``: those of which everything was told; the others are asked again as if they had not been."""

    batch: Batch
    points: Mapping[str, Points]  # by the id of the query; empty where nothing was asked
    whole: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()  # this identity may not read them
    broken: frozenset[str] = frozenset()
    said: str = ""  # by AWS


def batches(
    chosen: Sequence[tuple[int, Track]], window: Callable[[Track, datetime], Window], at: datetime
) -> Iterator[Batch]:
    """Of series with their tiers, in their order, each as large as AWS takes. No window is empty."""
    for first in range(0, len(chosen), MOST_SERIES):
        yield _batch(chosen[first : first + MOST_SERIES], window, at)


def _batch(chosen: Sequence[tuple[int, Track]], window: Callable[[Track, datetime], Window], at: datetime) -> Batch:
    tracks = tuple(track for _, track in chosen)
    windows = {window(track, at) for track in tracks}
    longest = max(track.wanted.period for track in tracks)
    begin = floor(min(begin for begin, _ in windows), longest)
    return Batch(tracks, max(tier for tier, _ in chosen), at, begin, max(end for _, end in windows))


async def ask(reader: Reader, batch: Batch, paying: Paying) -> Answered:
    """Every page that there is money for. A result that is not complete keeps what it has."""
    points: dict[str, Points] = {}
    codes: dict[str, str] = {}
    said: list[str] = []
    request: dict[str, Any] = {
        "MetricDataQueries": [track.query for track in batch.tracks],
        "StartTime": batch.begin,
        "EndTime": batch.end,
        "ScanBy": "TimestampDescending",
    }
    for _ in range(MOST_PAGES):
        with paying(batch) as may:
            if not may:
                return Answered(batch, points)  # of no series is it known that all was told
            answer = await reader.call("cloudwatch", "GetMetricData", **request)
        points = points or {track.id: {} for track in batch.tracks}
        _read(answer, points, codes, said)
        token = answer.get("NextToken")
        if not token:
            break
        request["NextToken"] = token
    else:
        return Answered(batch, points)
    whole, refused, broken = (
        frozenset(name for name in points if codes.get(name, "Complete") == code)
        for code in ("Complete", "Forbidden", "InternalError")
    )
    return Answered(batch, points, whole, refused, broken, next((sanitise(text, 200) for text in said if text), ""))


def _read(answer: Mapping[str, Any], points: Mapping[str, Points], codes: dict[str, str], said: list[str]) -> None:
    said += [str(message.get("Value", "")) for message in answer.get("Messages", ())]
    for result in answer.get("MetricDataResults", ()):
        name = str(result.get("Id", ""))
        if name in points:
            points[name].update(zip(result.get("Timestamps", ()), result.get("Values", ()), strict=False))
            codes[name] = str(result.get("StatusCode", "Complete"))
            if codes[name] in ("Forbidden", "InternalError"):
                said += [str(message.get("Value", "")) for message in result.get("Messages", ())]


def trouble(answers: Sequence[Answered]) -> CannotCollect | None:
    """What is in the way of single metrics. What AWS said about it, where it said anything, is what was seen."""
    seen = next((answer.said for answer in answers if answer.said), "")
    refused, broken = sum(len(a.refused) for a in answers), sum(len(a.broken) for a in answers)
    if refused:
        what, mend = f"{_metrics(refused)} may not be read.", f"Allow {GRANT} for what it is refused for."
        return Denied(what, grant=GRANT, seen=seen or "StatusCode Forbidden", mend=mend)
    if broken:
        what = f"CloudWatch has no answer for {_metrics(broken)} now."
        return CannotCollect(what, seen=seen or "StatusCode InternalError")
    return None


def _metrics(count: int) -> str:
    return f"{count} metric" if count == 1 else f"{count} metrics"
