"""What do we know of one resource now?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from collectors.readings import Alarms, BackupStatus, Described, Inside, ReplicaLag, ResourceId
from collectors.safe import Safe
from console.estate.times import EPOCH
from console.series import Series
from console.triage.finding import Sight

NEVER = EPOCH - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest value of one series. ``value`` None: the source answered and had no data, which is not zero."""

    value: float | None
    t: int
    unit: Safe
    group: Safe | None = None  # what it is summed under, such as a wait category


def undescribed(about: ResourceId) -> Described:
    """What stands where readings came before the description."""
    nothing = Safe("")
    return Described(about, NEVER, nothing, nothing, nothing, nothing, nothing, nothing, nothing)


@dataclass(slots=True)
class Resource:
    """Changed by `fold`, and by triage."""

    id: ResourceId
    described: Described
    latest: dict[Safe, Latest] = field(default_factory=dict)  # by the flat name of the observable
    series: dict[Safe, Series] = field(default_factory=dict)
    waited: dict[Safe, int] = field(default_factory=dict)  # when each wait was last above zero
    replication: ReplicaLag | None = None
    backup: BackupStatus | None = None
    alarms: Alarms | None = None
    inside: dict[str, Inside] = field(default_factory=dict)  # by part
    findings: tuple[Sight, ...] = ()  # what triage has concluded, those that cleared included
    seen: int = 0  # the newest observation of any kind
