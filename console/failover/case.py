"""Which failover is it: of what, asked by whom, and how long may each part of it take?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe
from console.failover.observed import Kind


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one kind: what is usual, and after what it is said that its end is not proved."""

    warn: timedelta
    overdue: timedelta


BOUNDS: Mapping[Kind, Bounds] = {
    Kind.STANDBY: Bounds(timedelta(minutes=3), timedelta(minutes=10)),
    Kind.CLUSTER: Bounds(timedelta(minutes=1), timedelta(minutes=5)),
    Kind.CACHE: Bounds(timedelta(minutes=2), timedelta(minutes=15)),
    Kind.PROMOTION: Bounds(timedelta(minutes=15), timedelta(minutes=60)),
}
BEGINS_WITHIN = timedelta(minutes=2)  # after it was sent something is shut, or AWS tells that it has begun
DARK_FOR = timedelta(minutes=5)
RECOVERS_FOR = timedelta(minutes=10)
SWAP_TOLD_WITHIN = timedelta(minutes=10)  # AWS shows the zones swapped only minutes later
GIVEN_UP = timedelta(hours=24)  # after which nothing more will tell of it


@dataclass(frozen=True, slots=True)
class Case:
    """``about``: all who are concerned, the resource itself first. ``objective``: how long the profile lets it be."""

    id: str
    resource: ResourceId
    kind: Kind
    about: tuple[ResourceId, ...]
    is_planned: bool
    by: Safe
    engine: Safe = NO_TEXT
    objective: timedelta | None = None
    sign: Safe = NO_TEXT  # by which it was seen that it had begun, where nobody asked us

    @property
    def bounds(self) -> Bounds:
        return BOUNDS[self.kind]

    @property
    def allowed(self) -> timedelta:
        """How long nobody may be let in before that is too long."""
        return self.objective or self.bounds.warn

    @property
    def is_promotion(self) -> bool:
        return self.kind is Kind.PROMOTION

    @property
    def is_sql_server(self) -> bool:
        return self.engine.startswith(("sqlserver", "custom-sqlserver"))
