"""Which state topics may be published now: on change, at most once a second each, refreshed every minute, spread."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

MOST_PER_S = 80
REFRESH_S = 60.0
LEAST_APART_S = 1.0


@dataclass(slots=True)
class Pacing:
    """Remembers when each topic went out; times are seconds of one monotonic clock."""

    published: dict[str, float] = field(default_factory=dict)  # in the order of publication: the oldest first
    _credit: float = 0.0
    _last: float | None = None

    def due(self, wanted: Collection[str], now: float, room: int = MOST_PER_S) -> list[str]:
        """What to publish at ``now``: the wanted ones that may, then the oldest that are to be refreshed.

        ``wanted`` comes with the most important first; what finds no room is to be wanted again.
        """
        chosen = [t for t in wanted if now - self.published.get(t, -LEAST_APART_S) >= LEAST_APART_S][:room]
        refreshed = [t for t in self._oldest(now) if t not in chosen][: room - len(chosen)]
        for topic in (*chosen, *refreshed):
            self.published.pop(topic, None)
            self.published[topic] = now
        return [*chosen, *refreshed]

    def forget(self, topic: str) -> None:
        self.published.pop(topic, None)

    def _oldest(self, now: float) -> list[str]:
        """As many of the oldest as keep a round at a minute: evenly spread, whenever each was first published."""
        elapsed = 0.0 if self._last is None else now - self._last
        self._last = now
        self._credit = min(self._credit + elapsed * len(self.published) / REFRESH_S, len(self.published))
        count = int(self._credit)
        self._credit -= count
        oldest: list[str] = []
        for topic, at in self.published.items():
            if len(oldest) == count or now - at < LEAST_APART_S:
                break
            oldest.append(topic)
        return oldest
