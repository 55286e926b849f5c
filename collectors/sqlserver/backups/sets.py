"""Which backups did the server itself take, and can they be restored from? Also what is wrong with its snapshots."""

from __future__ import annotations

from collections.abc import Iterable

from collectors.inside.backups import Copy, Kind, Outcome
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.sqlserver.backups.chains import DIFFERENTIAL, FULL, LOG
from collectors.sqlserver.backups.rows import SetRow, utc

NEAR_ZERO = 0.02  # of the one before: nobody deletes so much in a night without knowing
_NAMES = {FULL: "full", DIFFERENTIAL: "differential"}


def copies(rows: Iterable[SetRow]) -> tuple[Copy, ...]:
    """Native ones, and snapshots only where something is wrong with one; the newest first."""
    found = [_copy(row) for row in rows if row.type != LOG]
    wanted = [copy for copy in found if copy.kind is Kind.NATIVE or copy.why]
    return tuple(sorted(wanted, key=lambda copy: (copy.taken, copy.database), reverse=True))


def _copy(row: SetRow) -> Copy:
    name = _NAMES.get(row.type, row.type) + (", copy only" if row.is_copy_only else "")
    return Copy(
        name=sanitise(name),
        kind=Kind.AUTOMATED if row.is_snapshot else Kind.NATIVE,
        taken=utc(row.finished),
        outcome=Outcome.FAILED if row.is_damaged else Outcome.DONE,
        bytes=row.size_bytes,
        why=_why(row),
        database=sanitise(row.database_name),
    )


def _why(row: SetRow) -> Safe:
    if row.is_damaged:
        return Safe("it was found to be damaged when it was taken")
    if row.type == DIFFERENTIAL and row.base_is_snapshot and not row.is_snapshot:
        return Safe("a snapshot came between it and its full backup: it cannot be restored")
    if row.size_before and row.size_bytes is not None and row.size_bytes < NEAR_ZERO * row.size_before:
        return Safe("it is nearly empty beside the one before")
    return NO_TEXT
