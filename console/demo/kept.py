"""Which backups of a machine are there at a time, and what came of the work on them? By its plan and its causes.

A snapshot each night for as long as they are kept; AWS Backup's recovery points of each Sunday and of each month's
first day; restores that were tried. Nothing is stepped: what is there follows from the time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from collectors.readings import ResourceId
from console.demo.load import DAY
from console.demo.model import Model
from console.demo.noise import key, uniform

LOOKED_BACK = 35 * DAY
FIVE = 5 * 3600.0
JOB_S = (600.0, 2400.0)  # how long a job of AWS Backup takes
AT_ONCE_S = 20.0  # and one that a cause brings
TIERS = {"weekly": 84, "monthly": 366, "on-demand": 7}  # days that a point is kept
EMPTY = 4096  # bytes of a backup with nothing in it
TABLE_BYTES, CLUSTER_BYTES = 41_000_000_000, 190_000_000_000
BROKEN = "The role lacks the permission to create this backup."


@dataclass(frozen=True, slots=True)
class Night:
    begins: float
    percent: int
    failed: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """Of AWS Backup; its recovery point is there as long as ``is_there``."""

    id: str
    tier: str
    begins: float
    ends: float
    bytes: int
    failed: bool = False
    is_there: bool = True
    expired: bool = False  # it should have been deleted, and could not be

    def percent(self, t: float) -> int:
        return 100 if t >= self.ends else int(100 * (t - self.begins) / (self.ends - self.begins))

    @property
    def deleted(self) -> float:
        return self.begins + TIERS[self.tier] * DAY


@dataclass(frozen=True, slots=True)
class Restore:
    id: str
    begins: float
    ends: float
    of: Job | None
    held: bool = True


def nights(model: Model, about: ResourceId, t: float) -> list[Night]:
    """Automated snapshots, the oldest first. One that a scenario dates is the newest there is."""
    plan, kept = model.plan(about), model.retention_days(about, t) * DAY
    if not plan.snapshots or not kept:
        first = model.first_backup(about, t)
        return [] if first is None or not kept else [Night(first, 100)]
    found = []
    for day in range(math.floor((t - min(kept, LOOKED_BACK)) / DAY) - 1, math.floor(t / DAY) + 1):
        begins, ends = plan.night(day)
        if begins <= t:
            found.append(Night(begins, 100 if t >= ends else int(100 * (t - begins) / (ends - begins))))
    newest_done = max((night.begins for night in found if night.percent == 100), default=0.0)
    found = [night for night in found if night.begins > t - kept or night.begins == newest_done]
    if "backup.last_snapshot" in model.set_of(about, t):
        newest = model.newest_snapshot(about, t)
        found = [night for night in found if newest is not None and night.begins < newest]
        return found if newest is None else [*found, Night(newest, 100)]
    return _troubled(found, *(_since(model, about, cause, t) for cause in ("snapshot-failed", "snapshot-empty")))


def _troubled(found: list[Night], failing: float | None, empty: float | None) -> list[Night]:
    """From then on, beginning with one that was taken just then."""
    for since, failed in ((failing, True), (empty, False)):
        if since is not None:
            before = [night for night in found if night.begins < since]
            after = [since, *(night.begins for night in found if night.begins > since)]
            found = [*before, *(Night(begins, 100, failed=failed, empty=not failed) for begins in after)]
    return found


def jobs(model: Model, about: ResourceId, t: float) -> list[Job]:
    """AWS Backup's, the newest first; none of what it does not look after."""
    machine = model.machines[about]
    if machine.kind == "cache" or not machine.retention_days:
        return []
    failing, lost, empty = (
        _since(model, about, cause, t) for cause in ("backup-job-failed", "recovery-point-expired", "snapshot-empty")
    )
    planned = [
        _planned(about, begins, tier, _bytes(model, about, begins)) for begins, tier in _schedule(math.floor(t / DAY))
    ]
    for begins, is_empty in ((failing, False), (empty, True)):
        if begins is not None:
            size = EMPTY if is_empty else _bytes(model, about, begins)
            planned.append(Job(_id(about, begins, "job"), "on-demand", begins, begins + AT_ONCE_S, size))
    found = sorted((job for job in planned if job.begins <= t < job.deleted), key=lambda job: -job.begins)
    found = [_marked(job, failing, empty) for job in found]
    if lost is not None:
        gone, expired = [job for job in found if job.begins < lost][:2]
        found = [replace(job, is_there=job is not gone, expired=job is expired) for job in found]
    return found


def restores(model: Model, about: ResourceId, t: float) -> list[Restore]:
    """That were tried, the newest first."""
    if _since(model, about, "restore-unproved", t) is not None:
        return []
    failed, proved, found = _since(model, about, "restore-test-failed", t), model.plan(about).restore_proved, []
    of = next(iter(jobs(model, about, t)), None)
    if failed is not None:
        found.append(Restore(_id(about, failed, "restore"), failed - 1800, failed, of, held=False))
    if proved is not None and proved <= t:
        took = 60.0 * math.floor(25 + 50 * uniform(key(about, "restore"), 0))
        then = next(iter(jobs(model, about, proved - took)), None)
        found.append(Restore(_id(about, proved, "restore"), proved - took, proved, then))
    return found


def copied_until(model: Model, about: ResourceId, t: float) -> float | None:
    """How far another region has the log: some minutes less than here."""
    behind = _since(model, about, "copy-behind", t)
    return model.restorable_until(about, (t if behind is None else behind) - 420)


def is_copied(model: Model, about: ResourceId) -> bool:
    """Whether AWS keeps its automated backups in another region too."""
    machine = model.machines[about]
    return machine.engine == "sqlserver-ee" and machine.retention_days > 0


@lru_cache(maxsize=4)
def _schedule(today: int) -> tuple[tuple[float, str], ...]:
    return tuple(_scheduled(today))


def _scheduled(today: int) -> Iterator[tuple[float, str]]:
    for day in range(today - TIERS["monthly"], today + 1):
        date = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date()
        if date.day == 1:
            yield day * DAY + FIVE + 2400, "monthly"
        if date.isoweekday() == 7 and day >= today - TIERS["weekly"]:
            yield day * DAY + FIVE, "weekly"


def _planned(about: ResourceId, begins: float, tier: str, size: int) -> Job:
    source, (shortest, longest) = key(about, begins, tier), JOB_S
    begins += 60.0 * math.floor(20 * uniform(source, 0))
    return Job(
        _id(about, begins, tier), tier, begins, begins + shortest + (longest - shortest) * uniform(source, 1), size
    )


def _marked(job: Job, failing: float | None, empty: float | None) -> Job:
    fails = _from(failing, job)
    return replace(job, failed=fails, is_there=not fails, bytes=EMPTY if _from(empty, job) else job.bytes)


def _from(since: float | None, job: Job) -> bool:
    return since is not None and job.begins >= since


def _bytes(model: Model, about: ResourceId, t: float) -> int:
    """What is in it, which is less than was bought."""
    allocated = model.allocated_gib(about, t)
    if allocated is None:
        return TABLE_BYTES if model.machines[about].kind == "table" else CLUSTER_BYTES
    return int((allocated - (model.free_gib(about, t) or 0.0)) * 1024**3)


def _id(about: ResourceId, begins: float, what: str) -> str:
    return f"{key(about, int(begins), what):016X}"


def _since(model: Model, about: ResourceId, cause: str, t: float) -> float | None:
    held = model.since(about, cause, t)
    return None if held is None else t - held
