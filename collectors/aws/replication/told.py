"""What has CloudWatch told lately of one metric? Read from what the metrics' collector keeps: it costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collectors.aws.cloudwatch.batch import GRANT
from collectors.aws.cloudwatch.desk import Desk
from collectors.aws.cloudwatch.tracks import DELAY, Track
from collectors.aws.known import Found
from collectors.safe import NO_TEXT, Safe

FRESH = timedelta(minutes=6)  # a minute ends, is told up to three later, and is asked for once a minute


@dataclass(frozen=True, slots=True)
class Told:
    """``value``: the newest that is still fresh, of the period that ended ``at``; None where nothing is."""

    value: float | None = None
    at: datetime | None = None
    is_known: bool = False  # whether it was asked for and answered, be it with nothing
    grant: Safe = NO_TEXT  # that is missing


UNTOLD = Told()
Telling = Callable[[Found, str], Told]
"""Of a resource and a metric, by the name of its value."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What lies on the desk at a time."""

    desk: Desk
    now: datetime

    def told(self, found: Found, name: str) -> Told:
        track = self._track(found, name)
        if self.desk.is_denied(found.place) or (track is not None and track.is_refused):
            return Told(grant=Safe(GRANT))
        if track is None or track.asked is None:
            return UNTOLD
        return newest(list(track.recent.items()), self.now, self._patience(found))

    def minutes(self, found: Found, name: str, beside: str) -> list[tuple[float | None, float | None]]:
        """What was told of both in each minute of which all is told by now, as far as ``name`` was; newest last."""
        track, other = self._track(found, name), self._track(found, beside)
        if track is None or other is None:
            return []
        until = (self.now - DELAY).timestamp()
        since = until - 2 * FRESH.total_seconds()
        return [(track.recent[end], other.recent.get(end)) for end in sorted(track.recent) if since < end <= until]

    def _track(self, found: Found, name: str) -> Track | None:
        tracks = self.desk.tracks(found.place, found.id)
        return next((track for track in tracks if track.wanted.name == name), None)

    def _patience(self, found: Found) -> timedelta:
        """Where the day's money asks for less often, what is told is older."""
        return max(FRESH, 2 * self.desk.interval(found.id) + DELAY)


def newest(points: Sequence[tuple[int, float | None]], now: datetime, patience: timedelta) -> Told:
    """``points``: each with the end of its period. A single minute without a value says nothing yet."""
    since = (now - patience).timestamp()
    fresh = ((end, value) for end, value in points if value is not None and end >= since)
    end, value = max(fresh, default=(None, None))
    return Told(value, None if end is None else datetime.fromtimestamp(end, UTC), is_known=True)
