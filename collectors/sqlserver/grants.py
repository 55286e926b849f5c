"""What must a login be granted, and why? The one list: for panels that lack something, and for writing such a login."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from collectors.safe import Safe, sanitise

SPLIT_SINCE = 16  # SQL Server 2022: of VIEW SERVER STATE, what concerns performance has a grant of its own
SERVER_STATE = Safe("VIEW SERVER STATE")
PERFORMANCE_STATE = Safe("VIEW SERVER PERFORMANCE STATE")


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission on the server. RDS's master user holds each of them and may grant it."""

    name: Safe
    why: Safe
    needed: bool = True  # else it makes more be seen, and nothing fails without it
    since: int = 13  # the major version that knows it
    until: int = 99  # the last that has no narrower one


GRANTS: tuple[Grant, ...] = (
    Grant(SERVER_STATE, Safe("waits, sessions, memory, files and statements"), until=SPLIT_SINCE - 1),
    Grant(PERFORMANCE_STATE, Safe("waits, sessions, memory, files and statements"), since=SPLIT_SINCE),
    Grant(Safe("VIEW ANY DATABASE"), Safe("the names and states of all databases")),
    Grant(Safe("VIEW ANY DEFINITION"), Safe("files, indexes and the names of objects")),
    Grant(Safe("CONNECT ANY DATABASE"), Safe("Query Store and indexes, database by database"), needed=False),
)
"""None changes anything. What ends sessions or clears caches needs more, and belongs to whoever offers that."""

IN_MSDB: Mapping[str, Grant] = {
    "backupset": Grant(Safe("SELECT ON backupset in msdb"), Safe("backups that the server took"), needed=False),
    "restorehistory": Grant(Safe("SELECT ON restorehistory in msdb"), Safe("when it was restored"), needed=False),
    "rds_task_status": Grant(Safe("EXECUTE ON rds_task_status in msdb"), Safe("native backup tasks"), needed=False),
    "sp_help_job": Grant(Safe("SQLAgentUserRole in msdb"), Safe("jobs that failed to back up"), needed=False),
    "log_chain": Grant(Safe("db_owner in the database"), Safe("gaps in its log backups"), needed=False),
}
"""By what they open. Of a database, not of the server: a user of that login in msdb needs them."""


def for_version(major: int) -> tuple[Grant, ...]:
    """Those a login of the least privilege has there."""
    return tuple(grant for grant in GRANTS if grant.since <= major <= grant.until)


def missing(wanted: Iterable[str], held: Iterable[str], major: int) -> tuple[str, ...]:
    """Which of them the login lacks. From 2022 on the narrower grant gives what the wider one is asked for."""
    have = frozenset(held)
    return tuple(grant for grant in wanted if not _holds(grant, have, major))


def _holds(grant: str, have: frozenset[str], major: int) -> bool:
    if "CONTROL SERVER" in have or grant in have:
        return True
    other = {SERVER_STATE: PERFORMANCE_STATE, PERFORMANCE_STATE: SERVER_STATE}.get(sanitise(grant))
    return major >= SPLIT_SINCE and other in have
