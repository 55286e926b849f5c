"""The vocabulary: one typed, immutable fact each, with what it is about and when it was observed.

Names of values are those of the observables: `cloudwatch.CPUUtilization`, `wait.WRITELOG`, `replica.lag_s`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, NewType

from collectors.safe import Safe

ResourceId = NewType("ResourceId", Safe)
"""A resource's name where that is unique in the estate, else `name@region.account`."""


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact about one resource, true at ``observed`` (UTC, by the observed system's own clock where it tells)."""

    about: ResourceId
    observed: datetime


@dataclass(frozen=True, slots=True)
class Described(Reading):
    """What the resource is. Complete: a later one replaces it."""

    kind: Safe  # instance, cluster, table, cache, pool, balancer …
    engine: Safe
    role: Safe  # primary, replica, writer, reader, or empty
    status: Safe
    az: Safe
    region: Safe
    account: Safe
    cluster: ResourceId | None = None
    facts: tuple[tuple[Safe, Safe], ...] = ()
    tags: tuple[tuple[Safe, Safe], ...] = ()


@dataclass(frozen=True, slots=True)
class Gone(Reading):
    """The resource is no longer listed by the system that listed it."""


@dataclass(frozen=True, slots=True)
class Metric(Reading):
    """One value of one series; None where the source answered and had no data, which is not zero."""

    name: Safe
    value: float | None
    unit: Safe


@dataclass(frozen=True, slots=True)
class Inside(Reading):
    """What goes on inside a database, as far as one question tells. Complete: a later one replaces it."""

    part: ClassVar[Safe]  # which question, and so under which topic it is told


@dataclass(frozen=True, slots=True)
class ReplicaLag(Reading):
    """A replica's distance from its source; None where the replica does not say."""

    source: ResourceId | None
    lag: timedelta | None
    state: Safe
    direct: bool = True  # told by the databases themselves; what AWS tells stands only where they do not

    @property
    def follows(self) -> bool:
        """Whether it is a copy still: one that was promoted says with its last word that it is a primary now."""
        return self.state != "primary"


@dataclass(frozen=True, slots=True)
class BackupStatus(Reading):
    """What could be restored now."""

    retention: timedelta
    restorable_until: datetime | None  # None: the source has not said yet, which is not the same as never
    newest_snapshot: datetime | None
    restore_proof: datetime | None  # the last restore that was proved to work

    def rpo(self, now: datetime) -> timedelta | None:
        """How much would be lost by restoring now; None where nothing can be restored."""
        newest = max(filter(None, (self.restorable_until, self.newest_snapshot)), default=None)
        return None if newest is None else now - newest


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm of CloudWatch, as AWS judges it."""

    name: Safe
    state: Safe  # OK, ALARM, INSUFFICIENT_DATA
    since: datetime | None
    reason: Safe
    metric: Safe  # empty for a composite one


@dataclass(frozen=True, slots=True)
class Alarms(Reading):
    """All alarms about one resource. Complete: a later one replaces it; one without rows says that there are none."""

    rows: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class Happened(Reading):
    """Something that happened to the resource, as its source tells it."""

    text: Safe
    severity: Severity
    source: Safe
