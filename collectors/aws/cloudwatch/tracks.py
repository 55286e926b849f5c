"""What is known of one series: when it was asked, what has come of it, and which of it was not told yet?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from collectors.aws.cloudwatch.wanted import Wanted
from collectors.aws.known import Found
from collectors.readings import Metric

DELAY = timedelta(minutes=4)  # AWS publishes one to three minutes late; what is not there then is missing
LATE = timedelta(minutes=5)  # and corrects what it has published for about as long
FIRST_WINDOW = timedelta(minutes=15)
HISTORY = timedelta(hours=3)
SILENT_AFTER = timedelta(hours=1)
SILENT_EVERY = timedelta(minutes=30)


Points = dict[datetime, float]
"""By the begin of the period, as AWS gives them."""


@dataclass(slots=True)
class Track:
    """Changed by what is asked and answered alone."""

    found: Found
    wanted: Wanted
    id: str  # of its query, the same each time
    asked: datetime | None = None  # last, with an answer
    since: datetime | None = None  # first
    has_spoken: bool = False
    has_history: bool = False
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

    def is_silent(self, now: datetime) -> bool:
        """Whether this resource does not seem to have this metric at all."""
        return not self.has_spoken and self.since is not None and now - self.since > SILENT_AFTER

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        """What to ask for: the first time a while, then what is new and what may come late."""
        end = floor(now, self.wanted.period)
        if self.asked is None or self.asked > now:  # or the clock was set back
            return end - max(FIRST_WINDOW, 3 * self.wanted.period), end
        late = max(LATE, 3 * self.wanted.period)
        return floor(max(self.asked - late, now - HISTORY), self.wanted.period), end

    def past(self, now: datetime) -> tuple[datetime, datetime]:
        """What a chart shows, before the first window."""
        end = floor((self.since or now) - FIRST_WINDOW, self.wanted.period)
        return floor(now - HISTORY, self.wanted.period), end

    def answered(
        self, points: Points, begin: datetime, end: datetime, now: datetime, *, whole: bool = True
    ) -> Iterator[Metric]:
        """What is new in an answer, the oldest first. A period that had its time and has no point is a gap.

        Of an answer that is not ``whole`` nothing is missing: it is asked for again as soon as may be.
        """
        self.asked, self.since = now if whole else self.asked, self.since or now
        self.has_spoken = self.has_spoken or bool(points)
        recent = self.recent
        period, at = self.wanted.period, begin
        while at < end:
            value, at = points.get(at), at + period
            key = int(at.timestamp())
            if value is None and (not whole or now - at < DELAY or recent.get(key) is not None):
                continue  # it may yet come; or it came before, and AWS does not take back
            if key not in recent or recent[key] != value:
                recent[key] = value
                yield Metric(self.found.id, at, self.wanted.name, value, self.wanted.unit)
        oldest = int((end - max(LATE, 3 * period) - 2 * period).timestamp())  # before that no window begins
        self.recent = {key: value for key, value in recent.items() if key > oldest}

    def remembered(self, points: Points, begin: datetime, end: datetime) -> Iterator[Metric]:
        """Of the past: its points, and a gap where there is none between two."""
        self.has_history = True
        self.has_spoken = self.has_spoken or bool(points)
        first = min(points, default=end)
        at = max(begin, first)
        while at < end:
            yield Metric(self.found.id, at + self.wanted.period, self.wanted.name, points.get(at), self.wanted.unit)
            at += self.wanted.period


def floor(t: datetime, period: timedelta) -> datetime:
    """AWS's own grid: from 1970."""
    seconds = int(period.total_seconds())
    return datetime.fromtimestamp(int(t.timestamp()) // seconds * seconds, t.tzinfo)
