"""What does a PostgreSQL answer about replication? Its columns as they come; NULL is never a zero here."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from collectors.postgres.positions import Position


class Here(BaseModel):
    """The server itself, and its end of the link that it follows."""

    asked: datetime  # by its own clock, as all times here
    started: datetime
    in_recovery: bool
    may_see: bool  # else columns of other sessions are NULL
    current_lsn: Position | None = None
    timeline: str | None = None
    receive_lsn: Position | None = None
    replay_lsn: Position | None = None
    replayed_at: datetime | None = None
    paused: bool = False
    receiver_pid: int | None = None  # seen by everybody
    receiver_status: str | None = None
    received_at: datetime | None = None
    latest_end_lsn: Position | None = None
    received_timeline: int | None = None
    sender_host: str | None = None
    sender_port: int | None = None
    receiver_slot: str | None = None
    delay_ms: int | None = None
    receiver_timeout_ms: int | None = None
    sender_timeout_ms: int | None = None
    conflicts: int | None = None

    @property
    def end(self) -> int | None:
        """Of the log that it has to pass on."""
        if not self.in_recovery:
            return self.current_lsn
        return max((each for each in (self.receive_lsn, self.replay_lsn) if each is not None), default=None)


class Copy(BaseModel):
    """One that follows it: a row of pg_stat_replication."""

    pid: int
    application_name: str | None = None
    client: str | None = None
    client_hostname: str | None = None
    state: str | None = None
    sync_state: str | None = None
    sent_lsn: Position | None = None
    flush_lsn: Position | None = None
    replay_lsn: Position | None = None
    replay_lag_s: float | None = None
    replied_at: datetime | None = None  # by the clock of the copy
    slot_name: str | None = None
    slot_type: str | None = None
    temporary: bool = False


class SlotRow(BaseModel):
    slot_name: str
    active: bool
    kept: int | None = None
    wal_status: str | None = None
    inactive_since: datetime | None = None
