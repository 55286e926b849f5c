"""What do the views about copies answer? Their rows, as they are checked."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel

from collectors.safe import Safe, sanitise


class HeadRow(BaseModel):
    """Who answers, and what there is to ask it about."""

    node: str | None
    server_name: str | None
    utc_now: datetime
    is_rds: int
    sees_names: int | None
    grouped: int
    mirrored: int

    @property
    def now(self) -> datetime:
        return utc(self.utc_now)

    @property
    def names(self) -> frozenset[str]:
        """By which others may call it; no two differ by case alone."""
        return frozenset(name.casefold() for name in (self.node, self.server_name) if name)


class ReplicaRow(BaseModel):
    """One database at one copy in an availability group; of a copy without databases all of them is None."""

    group_name: str | None
    primary_replica: str | None
    replica_id: str
    is_local: int
    role_desc: str | None
    connected_state_desc: str | None
    last_connect_error_description: str | None
    replica_server_name: str | None
    availability_mode_desc: str | None
    failover_mode_desc: str | None
    secondary_role_allow_connections_desc: str | None
    database_id: int | None
    database_name: str | None
    synchronization_state_desc: str | None
    synchronization_health_desc: str | None
    is_suspended: int | None
    suspend_reason_desc: str | None
    log_send_queue_size: int | None
    log_send_rate: int | None
    redo_queue_size: int | None
    redo_rate: int | None
    secondary_lag_seconds: int | None
    last_sent: datetime | None
    last_received: datetime | None
    last_hardened: datetime | None
    last_commit: datetime | None

    @property
    def is_primary(self) -> bool:
        return self.role_desc == "PRIMARY"

    @property
    def connected(self) -> bool | None:
        return None if self.connected_state_desc is None else self.connected_state_desc == "CONNECTED"

    @property
    def heard(self) -> datetime | None:
        """The newest that the primary knows the copy to have done, or that came to the copy."""
        times = [utc(each) for each in (self.last_received, self.last_hardened) if each is not None]
        return max(times, default=None)


class MirrorRow(BaseModel):
    """One mirrored database."""

    database_name: str
    mirroring_state: int
    mirroring_state_desc: str | None
    mirroring_role_desc: str | None
    mirroring_role_sequence: int | None
    mirroring_safety_level_desc: str | None
    mirroring_partner_instance: str | None
    mirroring_witness_state_desc: str | None
    unsent_kb: int | None
    unapplied_kb: int | None


def utc(moment: datetime) -> datetime:
    """As drivers give what a statement has put into UTC: without a zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def words(name: str | None) -> Safe:
    """`SUSPEND_FROM_USER` as it may be read."""
    return sanitise((name or "").lower().replace("_", " "))
