"""What is found out about one resource's backups, from whichever service, until all of it is one fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.aws.known import Found
from collectors.inside.backups import Backups, Copy, Elsewhere, Kind, Outcome, Proof, Task
from collectors.readings import BackupStatus
from collectors.safe import NO_TEXT, Safe

LOOKED_BACK = timedelta(days=35)
MOST_COPIES = 200  # of one resource: older ones than these are counted, and not told one by one
MOST_TASKS = 100
_GIB = 1 << 30
_DAY_S = 86_400.0


@dataclass(slots=True)
class Sheet:
    """Filled in step by step. ``retention_s`` stays None where nobody said anything."""

    found: Found
    retention_s: float | None = None
    window: Safe = NO_TEXT
    earliest: datetime | None = None
    restorable_until: datetime | None = None
    point_in_time: bool | None = None
    copies: dict[str, Copy] = field(default_factory=dict)  # by AWS's own name: two services may tell of one
    tasks: list[Task] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)  # that it is encrypted by
    key: Safe = NO_TEXT
    kept_by: Safe = NO_TEXT
    notes: list[Safe] = field(default_factory=list)

    def keep_days(self, days: Any) -> None:
        self.retention_s = days * _DAY_S if isinstance(days, int) and not isinstance(days, bool) else None


def fact(sheet: Sheet, now: datetime, usd_per_gib_month: float) -> Backups:
    """Complete: of copies all of the last 35 days, and older ones as long as there is room."""
    copies = sorted(sheet.copies.values(), key=lambda copy: (copy.taken, copy.name), reverse=True)
    size = _size(copies)
    return Backups(
        about=sheet.found.id,
        observed=now,
        retention_s=sheet.retention_s,
        window=sheet.window,
        earliest=sheet.earliest,
        restorable_until=sheet.restorable_until,
        point_in_time=sheet.point_in_time,
        copies=tuple(copies[:MOST_COPIES]),
        tasks=tuple(sorted(sheet.tasks, key=_newest_first)[:MOST_TASKS]),
        elsewhere=tuple(sorted(sheet.elsewhere, key=lambda each: (each.region, each.state))),
        proofs=newest_first(sheet.proofs),
        bytes=size,
        usd_per_month=None if size is None else round(size / _GIB * usd_per_gib_month, 4),
        key=sheet.key,
        kept_by=sheet.kept_by,
        notes=tuple(dict.fromkeys(sheet.notes)),
    )


def status(told: Backups) -> BackupStatus | None:
    """None where another is backed up in its stead, and where nobody said for how long it is kept."""
    if told.retention_s is None or told.kept_by:
        return None
    return BackupStatus(
        about=told.about,
        observed=told.observed,
        retention=timedelta(seconds=told.retention_s),
        restorable_until=told.restorable_until,
        newest_snapshot=_newest_snapshot(told),
        restore_proof=next((proof.when for proof in told.proofs if proof.held), None),
    )


def newest_first(proofs: Iterable[Proof]) -> tuple[Proof, ...]:
    return tuple(sorted(proofs, key=lambda proof: proof.when, reverse=True))


def moment(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _newest_snapshot(told: Backups) -> datetime | None:
    """Of each night where the log is kept too; of any kind where it is all that could be restored from."""
    done = [copy for copy in told.copies if copy.outcome is Outcome.DONE]
    nightly = [copy for copy in done if copy.kind is Kind.AUTOMATED] if told.point_in_time else []
    return max((copy.taken for copy in nightly or done), default=None)


def _size(copies: list[Copy]) -> int | None:
    """Of all copies, where AWS tells it of each: a part of it would be taken for the whole."""
    sizes = [copy.bytes for copy in copies if copy.outcome is Outcome.DONE]
    return sum(size for size in sizes if size is not None) if sizes and None not in sizes else None


def _newest_first(task: Task) -> float:
    return -(task.began.timestamp() if task.began else 0.0)
