"""The border to what acts: what it writes of a flush, and knows of those before. An engine that reads has none."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from collectors.readings import ResourceId
from console.flush.watch import Flushed


class Hand(ABC):
    """None of these raises for what the audit's disk does."""

    @abstractmethod
    async def verified(self, op: str, data: Mapping[str, Any]) -> None:
        """The watch has ended, with these figures."""

    @abstractmethod
    async def unverified(self, since: datetime) -> Sequence[Flushed]:
        """Those that have ended since, whose watch has not, and which no engine that lives looks after."""

    @abstractmethod
    def origins(self, about: ResourceId) -> Sequence[ResourceId]:
        """Who answers in the place of a cache that is empty, as the profile has it."""
