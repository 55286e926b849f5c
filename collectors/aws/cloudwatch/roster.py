"""Which series are there? Those of what the inventory found, each with what is known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from collectors.attention import Attention
from collectors.aws.cloudwatch import pace
from collectors.aws.cloudwatch.tracks import Track
from collectors.aws.cloudwatch.wanted import Wanted, wanted
from collectors.aws.known import Found, Known
from collectors.aws.place import Place
from collectors.readings import ResourceId

Tracks = Mapping[ResourceId, Sequence[Track]]


class Roster:
    """``extra``: names of more values that are wanted of a resource."""

    def __init__(self, known: Known, extra: Callable[[Found], Iterable[str]]) -> None:
        self._known = known
        self._extra = extra
        self._found: dict[Place, tuple[Found, ...]] = {}
        self._tracks: dict[Place, Tracks] = {}
        self._made = 0
        self.changes = 0

    def of(self, place: Place) -> Tracks:
        """What is there now. A resource with another role has other metrics, and keeps those that it had before."""
        found = self._known.of(place)
        if found != self._found.get(place):
            before = self._tracks.get(place, {})
            self._tracks[place] = {each.id: self._of_one(each, before.get(each.id, ())) for each in found}
            self._found[place] = found
            self.changes += 1
        return self._tracks.get(place, {})

    def demand(self, attention: Attention, now: datetime) -> pace.Demand:
        """All places together: there is one purse."""
        counts: list[Counter[timedelta]] = [Counter() for _ in range(pace.TIERS)]
        for tracks in self._tracks.values():
            for tier, track in by_tier(tracks, attention):
                counts[tier][track.often_enough(now)] += 1
        return counts

    def _of_one(self, found: Found, before: Sequence[Track]) -> Sequence[Track]:
        kept = {track.wanted: track for track in before}
        return tuple(kept.get(each) or self._track(found, each) for each in wanted(found, self._extra(found)))

    def _track(self, found: Found, each: Wanted) -> Track:
        self._made += 1
        return Track(found.id, each, f"q{self._made}")


def by_tier(tracks: Tracks, attention: Attention) -> Iterator[tuple[int, Track]]:
    for about, of_one in tracks.items():
        first = attention.first(about)
        essential, rest = pace.tier(first=first, essential=True), pace.tier(first=first, essential=False)
        for track in of_one:
            yield essential if track.wanted.essential else rest, track
