"""The border to what acts: what it writes of a failover, and knows of former ones. An engine that reads has none."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from collectors.readings import ResourceId
from console.failover.history import Former


class Hand(ABC):
    """None of these raises for what the audit's disk does, but `acknowledge`, which somebody waits for."""

    @abstractmethod
    async def verified(self, op: str, data: Mapping[str, Any]) -> None:
        """Its end is proved by our own watch."""

    @abstractmethod
    async def note(self, failover: str, data: Mapping[str, Any]) -> None:
        """A person ticked a step, or acknowledged one that nobody here asked for."""

    @abstractmethod
    async def acknowledge(self, op: str) -> bool:
        """The operation too, so that others may act there again; whether there is such a one."""

    @abstractmethod
    async def formers(self, resources: Sequence[ResourceId]) -> Sequence[Former]:
        """What the audit knows of those that were asked for by this console, on any of these."""
