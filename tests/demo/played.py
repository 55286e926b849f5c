"""The embedded estate, played without an engine: each collector on its own pace, in the order of time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collectors.readings import Reading
from tests.rig.model_sources import Sources, demo_sources

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)  # a Wednesday


@dataclass
class Stage:
    """A clock that a test turns, and what asks it."""

    seed: int = 1
    now: datetime = NOON
    sources: Sources = field(init=False)

    def __post_init__(self) -> None:
        self.sources = demo_sources(self.seed, self.now, lambda: self.now)

    async def one_round(self, *names: str) -> list[Reading]:
        """A pass of each collector over each target; of those named, if any are."""
        chosen = [pair for pair in self.sources if not names or pair[0].name in names]
        return [reading for c, targets in chosen for target in targets async for reading in c.collect(target)]

    async def second_round(self, *names: str) -> list[Reading]:
        """Five seconds later, so that counters have something to compare with."""
        self.now += timedelta(seconds=5)
        return await self.one_round(*names)

    async def play(self, length: timedelta, step: timedelta, *names: str) -> AsyncIterator[list[Reading]]:
        end = self.now + length
        while self.now <= end:
            yield await self.one_round(*names)
            self.now += step
