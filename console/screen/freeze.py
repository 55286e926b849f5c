"""A picture that stays as it is while the mirror goes on."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

from console.screen.picture import Picture
from console.series import Columns


@dataclass(frozen=True, slots=True)
class Still:
    """A series as it was."""

    points: Columns

    def columns(self, since: int = 0) -> Columns:
        times, values = self.points
        first = bisect_left(times, since)
        return times[first:], values[first:]


def frozen_copy(picture: Picture) -> Picture:
    """The same picture, with a copy of what the mirror will change; a resource it only replaces."""
    hist = {
        resource: {name: Still(history.columns()) for name, history in series.items()}
        for resource, series in picture.hist.items()
    }
    return replace(picture, resources=dict(picture.resources), hist=hist)
