"""What does one reading change in one resource? An older observation never overwrites a newer one."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from collectors.inside.waits import Waits
from collectors.readings import Alarms, BackupStatus, Described, Inside, Metric, Reading, ReplicaLag
from collectors.safe import Safe, sanitise
from console.estate.resource import Latest, Resource
from console.estate.times import to_ms
from console.series import Series

LAG = Safe("replica.lag_s")
WAIT_UNIT = Safe("ms/s")
WAITS = "waits."  # and a category: all its types together
SECONDS = Safe("Seconds")
RPO = Safe("backup.rpo_s")
OUTDATED = timedelta(minutes=3)  # what a database told of its lag: by then AWS knows better
R = TypeVar("R", bound=Reading)
FAR_MS = 30_000
FORGET_WAIT_MS = 3_600_000  # a type nobody has waited for in an hour need not be said to be zero


@dataclass(slots=True)
class Change:
    """``shape``: what only a whole resource can tell. ``history``: points that the newest values do not tell."""

    shape: bool = False
    history: bool = False
    values: set[Safe] = field(default_factory=set)
    steps: set[Safe] = field(default_factory=set)  # values whose new point is far from the last: a chart would miss it
    inside: set[str] = field(default_factory=set)  # parts

    def __bool__(self) -> bool:
        return self.shape or self.history or bool(self.values) or bool(self.inside)


def fold(resource: Resource, reading: Reading) -> Change:
    change = Change()
    t = to_ms(reading.observed)
    if isinstance(reading, Inside):
        _fold_inside(resource, reading, change)
    match reading:
        case Metric():
            _put(resource, reading.name, Latest(_number(reading.value), t, reading.unit), change)
        case Waits():
            _fold_waits(resource, reading, t, change)
        case ReplicaLag():
            _fold_lag(resource, reading, t, change)
        case BackupStatus():
            _fold_backup(resource, reading, t, change)
        case Alarms():
            change.shape = _is_news(resource.alarms, reading)
            resource.alarms = _newer(resource.alarms, reading)
        case Described():
            change.shape = _is_news(resource.described, reading)
            resource.described = _newer(resource.described, reading)
    resource.seen = max(resource.seen, t)
    return change


def _fold_waits(resource: Resource, reading: Waits, t: int, change: Change) -> None:
    """A type that is absent was not waited for: it is zero, not missing. Where counting began anew nothing is known."""
    if reading.interval_s is None:
        for name in resource.waited:
            _put(resource, name, replace(resource.latest[name], value=None, t=t), change)
        return
    rates = {sanitise(f"wait.{row.type}"): (row.ms_per_s, row.category) for row in reading.counted}
    rates |= {sanitise(f"{WAITS}{name}"): (rate, name) for name, rate in reading.by_category().items()}
    for name, (rate, category) in rates.items():
        _put(resource, name, Latest(_number(rate), t, WAIT_UNIT, category), change)
        if rate > 0 or name not in resource.waited:
            resource.waited[name] = max(t, resource.waited.get(name, t))
    for name in [name for name in resource.waited if name not in rates]:
        if t - resource.waited[name] > FORGET_WAIT_MS:
            del resource.waited[name], resource.latest[name], resource.series[name]
            change.shape = True
        else:
            _put(resource, name, replace(resource.latest[name], value=0.0, t=t), change)


def _fold_inside(resource: Resource, reading: Inside, change: Change) -> None:
    """That it was looked at again is news too: how old a picture is, is part of it."""
    newest = _newer(resource.inside.get(reading.part), reading)
    if newest is reading:
        resource.inside[reading.part] = reading
        change.inside.add(reading.part)


def _fold_backup(resource: Resource, reading: BackupStatus, t: int, change: Change) -> None:
    """What would be lost is a series too: a line that rises by a second each second is a backup that stands still."""
    change.shape = _is_news(resource.backup, reading)
    resource.backup = _newer(resource.backup, reading)
    rpo = reading.rpo(reading.observed)
    _put(resource, RPO, Latest(None if rpo is None else max(0.0, rpo.total_seconds()), t, SECONDS), change)


def _fold_lag(resource: Resource, reading: ReplicaLag, t: int, change: Change) -> None:
    before = resource.replication
    if before is not None and before.direct and not reading.direct and reading.observed - before.observed < OUTDATED:
        return
    lag = None if reading.lag is None else reading.lag.total_seconds()
    _put(resource, LAG, Latest(lag, t, SECONDS), change)
    if before is None or (before.source, before.state) != (reading.source, reading.state):
        change.shape |= before is None or reading.observed >= before.observed
    resource.replication = _newer(before, reading)


def _put(resource: Resource, name: Safe, new: Latest, change: Change) -> None:
    before = resource.latest.get(name)
    resource.series.setdefault(name, Series()).put(new.t, new.value)
    if before is not None and new.t < before.t:
        change.history = True
        return
    resource.latest[name] = new
    if before is None:
        change.shape = change.history = True
    elif (before.unit, before.group) != (new.unit, new.group):
        change.shape = True
    if before != new:
        change.values.add(name)
    if before is not None and new.t - before.t >= FAR_MS:
        change.steps.add(name)


def _number(value: float | None) -> float | None:
    """NaN and the infinities are no data, whatever a source means by them."""
    return float(value) if value is not None and math.isfinite(value) else None


def _newer(before: R | None, after: R) -> R:
    return after if before is None or after.observed >= before.observed else before


def _is_news(before: R | None, after: R) -> bool:
    """Whether it says something else than before; that it was observed again is no news."""
    if before is None:
        return True
    return after.observed >= before.observed and after != replace(before, observed=after.observed)
