"""How do the databases of a SQL Server do, and how full are their logs? Three answers make one row."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from collectors.database.rows import Rows
from collectors.inside.files import Database
from collectors.safe import NO_TEXT, sanitise
from collectors.sqlserver.log_reuse import reuse

USED, SIZE = "percent log used", "log file(s) size (kb)"
EVERYBODY = "MULTI_USER"


class DatabaseRow(BaseModel):
    database_id: int
    database_name: str
    state_desc: str
    user_access_desc: str
    recovery_model_desc: str
    log_reuse_wait_desc: str | None


class LogCounterRow(BaseModel):
    database_name: str
    counter_name: str
    cntr_value: int


class SegmentsRow(BaseModel):
    database_name: str
    total_vlf_count: int


class VersionsRow(BaseModel):
    database_id: int
    reserved_space_kb: int


def databases(there: Rows, logs: tuple[Rows, ...], store: Rows) -> tuple[Database, ...]:
    """The fullest log first."""
    rows, versions = there.as_(DatabaseRow), {row.database_id: row for row in store.as_(VersionsRow)}
    counted = {(row.database_name, row.counter_name.casefold()): row.cntr_value for row in logs[0].as_(LogCounterRow)}
    segments = {row.database_name: row.total_vlf_count for row in logs[1].as_(SegmentsRow)}
    found = [_database(row, counted, segments.get(row.database_name), versions.get(row.database_id)) for row in rows]
    return tuple(sorted(found, key=lambda database: -(database.log_used_percent or 0.0)))


def _database(
    row: DatabaseRow, counted: Mapping[tuple[str, str], int], segments: int | None, versions: VersionsRow | None
) -> Database:
    used = counted.get((row.database_name, USED))
    reason, words = reuse(row.log_reuse_wait_desc)
    return Database(
        name=sanitise(row.database_name),
        state=sanitise(row.state_desc.lower()),
        recovery=sanitise(row.recovery_model_desc.lower().replace("_", "-")),
        log_bytes=1024 * counted.get((row.database_name, SIZE), 0),
        log_used_percent=None if used is None else float(used),
        reuse=reason,
        reuse_words=words,
        segments=segments,
        version_store_kb=versions.reserved_space_kb if versions else 0,
        access=NO_TEXT if row.user_access_desc == EVERYBODY else sanitise(row.user_access_desc.lower()),
    )
