"""What do the rows about sessions say? From what SQL Server answers to what any engine's sessions have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel

from collectors.inside.sessions import NOBODY, Session
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.sqlserver.undertakings import undertaking
from collectors.sqlserver.wait_resource import HOLDERS, Names, in_words
from collectors.statement_text import normalise

PAGE_KB = 8
UNTRACKED = -5  # shared latches, such as for a page that is being read: by itself no blocking
OTHER_HOLDER = Safe("no session")
ISOLATION = {
    1: Safe("read uncommitted"),
    2: Safe("read committed"),
    3: Safe("repeatable read"),
    4: Safe("serializable"),
    5: Safe("snapshot"),
}


class SessionRow(BaseModel):
    """One session and one request of it; what only a request has is None where there is none."""

    session_id: int
    request_id: int | None
    login_time: datetime
    login_name: str | None
    host_name: str | None
    program_name: str | None
    session_status: str
    request_status: str | None
    command: str | None
    database_id: int | None
    isolation: int | None
    wait_type: str | None
    wait_time: int | None
    wait_resource: str | None
    blocking_session_id: int | None
    total_elapsed_time: int | None
    last_request_end: datetime | None
    open_transactions: int | None
    transaction_begin: datetime | None
    log_bytes: int | None
    tempdb_pages: int | None
    statement: str | None
    cpu_time: int | None
    reads: int | None
    writes: int | None
    granted_query_memory: int | None
    dop: int | None
    percent_complete: float | None
    estimated_completion_time: int | None
    listed: int


class Counted(BaseModel):
    """All sessions of users, and what time it is there."""

    connected: int
    utc_now: datetime


class Named(BaseModel):
    """A database."""

    database_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Here:
    """Where the rows come from: the server's databases, its time in UTC, and ours."""

    databases: Names
    theirs: datetime
    ours: datetime

    def by_our_clock(self, t: datetime) -> datetime:
        """An age is the server's own; whose clock is wrong does not change it."""
        return self.ours - (self.theirs - t)


def one_each(rows: Iterable[SessionRow]) -> list[SessionRow]:
    """Of several requests of one session (MARS) the one that waits for another session, else the longest."""
    found: dict[int, SessionRow] = {}
    for row in rows:
        before = found.get(row.session_id)
        if before is None or _worry(row) > _worry(before):
            found[row.session_id] = row
    return list(found.values())


def _worry(row: SessionRow) -> tuple[bool, int]:
    return bool(row.blocking_session_id), row.total_elapsed_time or 0


def session(row: SessionRow, here: Here) -> Session:
    has_request = row.request_id is not None
    text = row.statement or ""
    command = row.command or ""
    blocker, held = _held(row)
    task = undertaking(command, text)
    tells = bool(row.percent_complete) or (task in {"backup", "restore", "rollback"} and has_request)
    is_open = bool(row.open_transactions)
    return Session(
        id=row.session_id,
        status=_text(row.request_status or row.session_status),
        login=_text(row.login_name),
        host=_text(row.host_name),
        program=_text(row.program_name),
        database=_text(here.databases.get(row.database_id or 0, "")),
        command=_text(command),
        statement=sanitise(normalise(text)),
        wait=_text(row.wait_type),
        wait_ms=float(row.wait_time or 0) if row.wait_type else 0.0,
        resource=in_words(row.wait_resource or "", here.databases) if row.wait_type else NO_TEXT,
        blocked_by=blocker,
        held=held,
        elapsed_ms=float(row.total_elapsed_time or 0) if has_request else None,
        idle_ms=None if has_request else _idle_ms(row, here),
        transactions=row.open_transactions or 0,
        transaction_began=here.by_our_clock(row.transaction_begin) if is_open and row.transaction_begin else None,
        log_bytes=row.log_bytes or 0,
        cpu_ms=float(row.cpu_time or 0),
        reads=row.reads or 0,
        writes=row.writes or 0,
        granted_kb=PAGE_KB * (row.granted_query_memory or 0),
        tempdb_kb=PAGE_KB * max(0, row.tempdb_pages or 0),
        degree=max(1, row.dop or 1),
        percent=row.percent_complete if tells else None,
        remaining_ms=float(row.estimated_completion_time or 0) or None if tells else None,
        task=task,
        isolation=ISOLATION.get(row.isolation or 0, NO_TEXT),
    )


def _held(row: SessionRow) -> tuple[int, Safe]:
    """Threads of one query that wait for each other are no blocking, and neither is a latch that nobody tracks."""
    blocker = row.blocking_session_id or NOBODY
    if blocker == row.session_id:
        return NOBODY, NO_TEXT
    if blocker < 0:
        return NOBODY if blocker == UNTRACKED else blocker, HOLDERS.get(blocker, OTHER_HOLDER)
    return blocker, NO_TEXT


def _idle_ms(row: SessionRow, here: Here) -> float:
    """Who never asked anything is idle since it came; the server then tells the year 1900."""
    since = max(row.login_time, row.last_request_end or row.login_time)
    return max(0.0, (here.theirs - since) / timedelta(milliseconds=1))


def _text(text: str | None) -> Safe:
    return sanitise((text or "").strip())
