"""How does a value do after a flush: as it was before, the worst since, now, and when was it back? Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from statistics import median

from collectors.readings import ResourceId
from collectors.safe import Safe
from console.estate.times import to_ms
from console.flush.measures import SOURCES, Measure, Source

LASTS = timedelta(minutes=15)
LEAST = timedelta(minutes=3)  # before that nobody says that nothing has come of it
BEFORE_MS = 5 * 60_000  # what was usual is the middle of so long
STEADY_MS = 2 * 60_000  # so long as before, and it is
OLD_MS = 4 * 60_000  # CloudWatch tells of a minute up to three later; what is older is not of now

Points = Sequence[tuple[int, float | None]]  # times in ms, in whatever order
Read = Callable[[ResourceId, str], Points]


@dataclass(frozen=True, slots=True)
class Flushed:
    """What is watched. ``has_failed``: it did not come to its end."""

    op: str
    resource: ResourceId
    title: Safe
    by: Safe
    sent: datetime
    done: datetime
    has_failed: bool = False

    @property
    def until(self) -> datetime:
        return self.done + LASTS


@dataclass(frozen=True, slots=True)
class Figure:
    """``back``: since when it is as before, in ms, where it was otherwise; ``is_steady``: for long enough."""

    measure: Measure
    before: float | None = None
    worst: float | None = None
    now: float | None = None
    back: int | None = None
    is_as_before: bool = False
    is_steady: bool = False

    @property
    def is_told(self) -> bool:
        """Whether anything of it is known."""
        return self.before is not None or self.worst is not None

    @property
    def was_otherwise(self) -> bool:
        told = self.before is not None and self.worst is not None
        return told and not self.measure.is_as_before(self.before or 0.0, self.worst or 0.0)


def figures(measures: Iterable[Measure], read: Read, flushed: Flushed, now: datetime) -> tuple[Figure, ...]:
    """One for each; ``read`` gives the points of one series of one resource."""
    since, until = to_ms(flushed.sent), to_ms(now)
    return tuple(_figure(measure, read, since, until) for measure in measures)


def is_over(told: Iterable[Figure], flushed: Flushed, now: datetime) -> bool:
    """After a quarter of an hour, or as soon as all that is known is as it was before."""
    if now >= flushed.until:
        return True
    known = [figure for figure in told if figure.is_told]
    return now - flushed.done >= LEAST and bool(known) and all(figure.is_steady for figure in known)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Of one series: what was told before it was sent, and what since."""

    source: Source
    before: tuple[float, ...]
    since: tuple[tuple[int, float], ...]


def _figure(measure: Measure, read: Read, sent: int, now: int) -> Figure:
    found = [_sorted(source, read(measure.about, source.name), sent, now) for source in SOURCES[measure.what]]
    best = max(found, key=lambda each: (bool(each.before and each.since), bool(each.since), bool(each.before)))
    before, since = (median(best.before) if best.before else None), best.since
    if not since:
        return Figure(measure, before)
    at, newest = since[-1]
    is_of_now = now - at - best.source.lasts_ms <= OLD_MS
    worst = measure.worst(value for _, value in since)
    back = None if before is None else _back(measure, before, since)
    was_otherwise = before is not None and not measure.is_as_before(before, worst)
    return Figure(
        measure,
        before,
        worst,
        newest if is_of_now else None,
        back if was_otherwise else None,
        is_as_before=back is not None and is_of_now,
        is_steady=back is not None and is_of_now and at + best.source.lasts_ms - back >= STEADY_MS,
    )


def _sorted(source: Source, points: Points, sent: int, now: int) -> _Sorted:
    """A point that speaks of a time that began before and ended after says nothing of either."""
    told = sorted((t, value / source.per) for t, value in points if value is not None and isfinite(value) and t <= now)
    before = tuple(value for t, value in told if sent - BEFORE_MS <= t and t + source.lasts_ms <= sent)
    return _Sorted(source, before, tuple(each for each in told if each[0] > sent))


def _back(measure: Measure, before: float, since: Sequence[tuple[int, float]]) -> int | None:
    """Since when all that was told is as before; None where the newest is not."""
    back = None
    for t in _from_the_newest(measure, before, since):
        back = t
    return back


def _from_the_newest(measure: Measure, before: float, since: Sequence[tuple[int, float]]) -> Iterator[int]:
    for t, value in reversed(since):
        if not measure.is_as_before(before, value):
            return
        yield t
