"""What is known of one series: when it was asked, what has come of it, and which of it was not told yet?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from collectors.aws.cloudwatch.wanted import Wanted
from collectors.readings import Metric, ResourceId

DELAY = timedelta(minutes=4)  # AWS publishes one to three minutes late; what is not there then is missing
LATE = timedelta(minutes=5)  # and corrects what it has published for about as long
LATE_PERIODS = 3
FIRST_WINDOW = timedelta(minutes=15)
HISTORY = timedelta(hours=3)
SILENT_AFTER = timedelta(hours=1)
SILENT_EVERY = timedelta(minutes=30)
EARLY = timedelta(seconds=10)  # a pass that begins a little before its time is that pass

Points = dict[datetime, float]
"""By the begin of the period, as AWS gives them."""

Window = tuple[datetime, datetime]
"""On the grid of its period; its end is not in it."""


@dataclass(slots=True)
class Track:
    """Changed by what is asked and answered alone."""

    about: ResourceId
    wanted: Wanted
    id: str  # of its query, the same each time
    asked: datetime | None = None  # last, with an answer
    since: datetime | None = None  # first
    has_spoken: bool = False
    is_refused: bool = False
    has_history: bool = False
    history_asked: datetime | None = None
    recent: dict[int, float | None] = field(default_factory=dict)  # by the end of the period, of 1970: what was told

    @property
    def query(self) -> dict[str, Any]:
        """As GetMetricData wants it."""
        wanted = self.wanted
        metric = {
            "Namespace": wanted.namespace,
            "MetricName": wanted.metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in wanted.dimensions],
        }
        stat = {"Metric": metric, "Period": int(wanted.period.total_seconds()), "Stat": wanted.statistic}
        return {"Id": self.id, "MetricStat": stat}

    def often_enough(self, now: datetime) -> timedelta:
        """More often would be in vain: it comes no oftener, or this resource does not seem to have it at all."""
        if self.is_refused:
            return SILENT_EVERY
        if self.has_spoken or self.since is None or self.wanted.comes_when_it_happens:
            return self.wanted.period
        return SILENT_EVERY if now - self.since > SILENT_AFTER else self.wanted.period

    def is_due(self, now: datetime, interval: timedelta) -> bool:
        if self.asked is None or now < self.asked:  # or the clock was set back
            return True
        return now - self.asked >= max(interval, self.often_enough(now)) - EARLY

    def window(self, now: datetime) -> Window:
        """What to ask for: the first time a while, then what is new and what may come late."""
        asked = None if self.asked is not None and self.asked > now else self.asked
        return _window(asked, self.wanted.period, now)

    def wants_past(self, now: datetime) -> bool:
        """Whether its past is yet to be asked for; what was not answered in full, only after a while."""
        if self.has_history or self.since is None:
            return False
        begin, end = self.past(now)
        lately = self.history_asked is not None and timedelta(0) <= now - self.history_asked < SILENT_EVERY
        return begin < end and not lately

    def past(self, now: datetime) -> Window:
        """What a chart shows, before the first window."""
        period = self.wanted.period
        begin = floor(now - HISTORY, period)
        return begin, max(begin, _window(None, period, min(self.since or now, now))[0])

    def answered(self, points: Points, at: datetime, *, whole: bool = True) -> Iterator[Metric]:
        """What is new in an answer to what was asked ``at`` that time, the oldest first.

        A period that had its time and has no point is a gap. Of an answer that is not ``whole`` nothing is missing: it
        is asked for again as soon as may be.
        """
        window = self.window(at)
        self.asked, self.since = at if whole else self.asked, self.since or at
        self.is_refused = False
        self.has_spoken = self.has_spoken or bool(points)
        recent, gaps_until = self.recent, at - DELAY if whole else window[0]
        for begin, end, key in _grid(window, self.wanted.period):
            value = points.get(begin)
            if value is None and (end > gaps_until or recent.get(key) is not None):
                continue  # it may yet come; or it came before, and AWS does not take back
            if key not in recent or recent[key] != value:
                recent[key] = value
                yield Metric(self.about, end, self.wanted.name, value, self.wanted.unit)
        self._forget(at)

    def refused(self, at: datetime) -> None:
        """Somebody may grant it, but hardly within the minute; and whatever else is read goes on."""
        self.asked, self.since, self.is_refused = at, self.since or at, True

    def remembered(self, points: Points, at: datetime) -> Iterator[Metric]:
        """Of the past: its points, and a gap where there is none between two."""
        begin, end = self.past(at)
        self.has_history = True
        self.has_spoken = self.has_spoken or bool(points)
        first = min((each for each in points if each >= begin), default=end)
        for start, told_at, _ in _grid((first, end), self.wanted.period):
            yield Metric(self.about, told_at, self.wanted.name, points.get(start), self.wanted.unit)

    def _forget(self, at: datetime) -> None:
        """What is older than the next window, once that is worth it."""
        period = self.wanted.period
        if len(self.recent) > 2 * (max(FIRST_WINDOW, LATE_PERIODS * period) // period):
            oldest = int(_window(self.asked, period, at)[0].timestamp())
            self.recent = {key: value for key, value in self.recent.items() if key > oldest}


def floor(t: datetime, period: timedelta) -> datetime:
    """AWS's own grid: from 1970."""
    seconds = int(period.total_seconds())
    return datetime.fromtimestamp(int(t.timestamp()) // seconds * seconds, t.tzinfo)


@lru_cache(maxsize=256)  # thousands of series are asked at one time
def _window(asked: datetime | None, period: timedelta, now: datetime) -> Window:
    end = floor(now, period)
    if asked is None:
        return end - max(FIRST_WINDOW, LATE_PERIODS * period), end
    late = max(LATE, LATE_PERIODS * period)
    return floor(max(asked - late, now - HISTORY), period), end


@lru_cache(maxsize=256)
def _grid(window: Window, period: timedelta) -> tuple[tuple[datetime, datetime, int], ...]:
    """Begin and end of each period, and the end as a number."""
    begin, end = window
    starts = (begin + n * period for n in range(max(0, (end - begin) // period)))
    return tuple((start, start + period, int((start + period).timestamp())) for start in starts)
