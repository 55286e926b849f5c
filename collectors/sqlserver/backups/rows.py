"""What do msdb, RDS's own procedures and the list of databases answer? Their rows, as they are checked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pydantic import AliasChoices, BaseModel, Field

NEVER = 1900  # the year in which what never happened did


class HeadRow(BaseModel):
    utc_now: datetime
    to_utc_min: int
    is_rds: int

    def utc_of(self, local: datetime) -> datetime:
        """Of what a procedure tells in the server's own zone."""
        return utc(local + timedelta(minutes=self.to_utc_min))


class DatabaseRow(BaseModel):
    database_name: str
    state_desc: str
    user_access_desc: str
    recovery_model_desc: str
    is_primary: int | None  # None: it is in no availability group
    checked: datetime | None  # local

    @property
    def follows(self) -> bool:
        return self.is_primary == 0

    @property
    def is_kept(self) -> bool:
        """Whether there is a log of it that could be backed up now."""
        return self.state_desc == "ONLINE" and self.recovery_model_desc != "SIMPLE"


class SetRow(BaseModel):
    """One backup, as the node that took it wrote it down."""

    database_name: str
    type: str  # D: full, I: differential, L: log
    is_snapshot: int
    is_copy_only: int
    is_damaged: int
    finished: datetime
    size_bytes: int | None
    size_before: int | None
    base_is_snapshot: int | None


class LogRow(BaseModel):
    """The newest log backup that RDS keeps, or one before which something is missing."""

    place: int
    taken: datetime | None
    taken_before: datetime | None
    is_broken: int | None
    has_gap: int
    error: str | None


class TaskRow(BaseModel):
    """One of RDS's own tasks. The documentation and the procedure do not agree about the blanks in two names."""

    task_id: int
    task_type: str
    database_name: str | None
    percent: float | None = Field(validation_alias=AliasChoices("% complete", "%complete"))
    minutes: float | None = Field(validation_alias=AliasChoices("duration(mins)", "duration (mins)"))
    lifecycle: str
    task_info: str | None
    last_updated: datetime | None
    created_at: datetime | None


class JobRow(BaseModel):
    name: str
    enabled: int
    description: str | None = None
    category: str | None = None
    last_run_outcome: int | None = None


class RestoreRow(BaseModel):
    restored: datetime
    destination_database_name: str | None
    is_whole: int
    source_name: str | None
    source_taken: datetime | None


def utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
