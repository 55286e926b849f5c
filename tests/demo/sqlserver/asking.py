"""The demo's SQL Servers, and what a collector reads from them at given times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar

from collectors.readings import Reading, ResourceId
from collectors.safe import Safe
from collectors.sqlserver.collector import SqlServerCollector
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.script import Entry, Script
from console.demo.sqlserver.server import ModelServers

START = 1_773_223_200.0
ORDERS, CUSTOMERS, REPORTING, REPLICA = (
    ResourceId(Safe(name)) for name in ("orders-primary", "customers", "reporting", "orders-replica-1")
)
R = TypeVar("R", bound=Reading)


def model(*entries: Entry, start: float = START) -> Model:
    return Model(1, start, MACHINES, Script(entries))


class Asked:
    """One collector of one play, asked whenever."""

    def __init__(self, kind: type[SqlServerCollector], played: Model) -> None:
        self._start = self._t = played.start
        self._collector = kind(ModelServers(played, self._now), self._now)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._t, UTC)

    async def at(self, about: ResourceId, t: float) -> list[Reading]:
        """``t``: seconds since the play began."""
        self._t = self._start + t
        return [reading async for reading in self._collector.collect(about)]


def only(kind: type[R], found: Iterable[Reading]) -> R:
    (one,) = found
    assert isinstance(one, kind)
    return one
