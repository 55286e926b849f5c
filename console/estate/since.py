"""Since when is a resource as badly off as it is now, or worse? From its series as far as they reach back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collectors.readings import Severity
from console.estate.levels import RANK, Judgement, Limit, besides_values
from console.estate.resource import Resource
from console.estate.times import to_ms
from console.series import Columns

HOLE_MS = 15 * 60_000  # three points of a slow metric: between those further apart nobody knows what was
ALWAYS = 1 << 62  # the end of a stretch that lasts


@dataclass(frozen=True, slots=True)
class Standing:
    """``is_seen``: the series show how it began; else it was so already when it was first judged."""

    level: Severity
    since: int
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time beyond a bound. ``is_open``: no point before its start says that it was well then."""

    start: int
    end: int
    is_open: bool


def standing(
    resource: Resource, judged: Judgement, limits: Iterable[Limit], before: Standing | None, now_ms: int
) -> Standing | None:
    """``before``: what was said last, which counts where the series do not reach back that far."""
    level = judged.worst
    if level is None:
        return None
    grave = [limit for limit in limits if RANK[limit.severity] >= RANK[level]]
    stretch = _last(resource, judged, grave)
    remembered = before.since if before and RANK[before.level] >= RANK[level] else None
    said = [since for severity, _, since in besides_values(resource) if RANK[severity] >= RANK[level]]
    if stretch is not None and not said and not stretch.is_open:
        return Standing(level, min(stretch.start, now_ms), is_seen=True)
    dated = [to_ms(each) for each in said if each is not None]
    known = [each for each in (remembered, stretch.start if stretch else None, *dated) if each is not None]
    is_seen = bool(dated) or (remembered is not None and before is not None and before.is_seen)
    return Standing(level, min(now_ms, *known) if known else now_ms, is_seen)


def stretches(columns: Columns, limit: Limit) -> Iterator[Stretch]:
    """Where a series is beyond the bound. A short gap says nothing, neither that it was nor that it was not.

    A long one ends a stretch: a table that was throttled an hour ago, and is again now, was not all the while.
    """
    start, before, is_open = None, None, True
    for t, value in zip(*columns, strict=True):
        if value is None:
            continue
        if before is not None and t - before > HOLE_MS:
            if start is not None:
                yield Stretch(start, before, is_open)
            start, is_open = None, True
        if limit.is_crossed(value):
            start = t if start is None else start
        else:
            if start is not None:
                yield Stretch(start, t, is_open)
            start, is_open = None, False
        before = t
    if start is not None:
        yield Stretch(start, ALWAYS, is_open)


def _last(resource: Resource, judged: Judgement, limits: Iterable[Limit]) -> Stretch | None:
    """The stretch that lasts, with those of other values that lead up to it without a moment in between."""
    lasting: list[Stretch] = []
    past: list[Stretch] = []
    for limit in limits:
        series = resource.series.get(limit.value)
        for each in stretches(series.columns(), limit) if series else ():
            is_now = each.end == ALWAYS and limit.value in judged.values
            (lasting if is_now else past).append(each)
    if not lasting:
        return None
    found = min(lasting, key=lambda each: (each.start, each.is_open))
    for each in sorted(past, key=lambda each: -each.end):
        if each.start < found.start <= each.end < ALWAYS:
            found = Stretch(each.start, ALWAYS, each.is_open)
    return found
