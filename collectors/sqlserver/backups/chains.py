"""Can one database be brought back, to when, and what keeps it from being backed up?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collectors.inside.backups import DatabaseChain
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.sqlserver.backups.rows import NEVER, DatabaseRow, HeadRow, LogRow, SetRow, utc

FULL, DIFFERENTIAL, LOG = "D", "I", "L"
_STOPS_ALL = "RDS backs up no log of this server until it is ONLINE and MULTI_USER"
_RECOVERY = {
    "SIMPLE": Safe("SIMPLE: it keeps no log that could be backed up"),
    "BULK_LOGGED": Safe("BULK_LOGGED: its chain may have a gap that nobody notices"),
}


@dataclass(frozen=True, slots=True)
class LogChain:
    """``until``: the end of what has no gap since the newest backup that it could begin with."""

    until: datetime | None
    broken: bool | None  # None: may not be seen


def log_chain(rows: Sequence[LogRow], sets: Iterable[SetRow]) -> LogChain | None:
    """A gap is mended by a full or differential backup that came after it. None: nothing is told of this database."""
    newest = next((row.taken for row in rows if row.place == 1 and not row.error), None)
    if newest is None:
        return None
    gaps = [row for row in rows if (row.is_broken or row.has_gap) and row.taken is not None]
    last = min(gaps, key=lambda row: row.place, default=None)
    if last is None or last.taken is None or any(_mends(each, utc(last.taken)) for each in sets):
        return LogChain(utc(newest), broken=False)
    return LogChain(None if last.taken_before is None else utc(last.taken_before), broken=True)


def _mends(backup: SetRow, gap: datetime) -> bool:
    return backup.type in (FULL, DIFFERENTIAL) and utc(backup.finished) > gap


def by_msdb(sets: Iterable[SetRow]) -> LogChain:
    """Where nobody tells of gaps: the newest log backup that was written down."""
    return LogChain(max((utc(each.finished) for each in sets if each.type == LOG), default=None), None)


def chain(row: DatabaseRow, head: HeadRow, sets: Sequence[SetRow] | None, log: LogChain) -> DatabaseChain:
    """``sets``: those of this database; None where they may not be seen."""
    full = max((utc(each.finished) for each in sets or () if each.type == FULL), default=None)
    return DatabaseChain(
        database=sanitise(row.database_name),
        state=sanitise(row.state_desc),
        access=sanitise(row.user_access_desc),
        recovery=sanitise(row.recovery_model_desc),
        log_until=log.until,
        newest_full=full,
        broken=log.broken,
        checked=_checked(row, head),
        why=_why(row, head, log, has_full=full is not None or sets is None),
    )


def _checked(row: DatabaseRow, head: HeadRow) -> datetime | None:
    return None if row.checked is None or row.checked.year <= NEVER else head.utc_of(row.checked)


def _why(row: DatabaseRow, head: HeadRow, log: LogChain, *, has_full: bool) -> Safe:
    """The gravest first: what stops the backups of others as well."""
    stopped = row.state_desc if row.state_desc != "ONLINE" else row.user_access_desc
    if stopped not in ("ONLINE", "MULTI_USER", "RESTRICTED_USER"):
        return sanitise(f"{stopped}: {_STOPS_ALL if head.is_rds else 'it cannot be backed up'}")
    if row.recovery_model_desc in _RECOVERY:
        return _RECOVERY[row.recovery_model_desc]
    if log.broken:
        return Safe("its log backups have a gap: what came after it cannot be restored until the next full backup")
    return NO_TEXT if has_full else Safe("no full backup of it is known to this node")
