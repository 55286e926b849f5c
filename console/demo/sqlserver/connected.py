"""What does a SQL Server say of one connection? The columns of its answer, from what is true of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

READ_COMMITTED = 2


@dataclass(frozen=True, slots=True)
class Connected:
    """A session of the demo. Times are true ones, in seconds since 1970; the server's clock is added when it tells."""

    id: int
    login: str
    host: str
    program: str
    database_id: int
    logged_in: float
    status: str = "running"
    command: str = ""  # empty: it has no request
    text: str = ""
    started: float | None = None  # of the request
    ended: float | None = None  # the last request
    wait_type: str = ""
    wait_ms: float = 0.0
    resource: str = ""
    blocked_by: int = 0
    transactions: int = 0
    began: float | None = None
    log_bytes: int = 0
    cpu_ms: float = 0.0
    reads: int = 0
    writes: int = 0
    granted_pages: int = 0
    tempdb_pages: int = 0
    degree: int = 1
    percent: float = 0.0
    remaining_ms: float = 0.0
    isolation: int = READ_COMMITTED

    @property
    def at_work(self) -> bool:
        return bool(self.command)

    def row(self, t: float, offset_s: float) -> dict[str, object]:
        """As the statement names its columns; what only a request has is NULL where there is none."""
        return {
            "session_id": self.id,
            "login_time": told(self.logged_in, offset_s),
            "login_name": self.login,
            "host_name": self.host,
            "program_name": self.program,
            "session_status": "running" if self.at_work else self.status,
            "database_id": self.database_id,
            "isolation": self.isolation,
            "open_transactions": self.transactions,
            "last_request_end": told(self.ended, offset_s),
            "transaction_begin": told(self.began, offset_s),
            "log_bytes": self.log_bytes,
            "tempdb_pages": self.tempdb_pages,
            "statement": self.text or None,
            **(self._request(t) if self.at_work else dict.fromkeys(_REQUEST)),
        }

    def _request(self, t: float) -> dict[str, object]:
        values = (
            0,
            self.status,
            self.command,
            self.wait_type or None,
            int(self.wait_ms),
            self.resource,
            self.blocked_by,
            int(1000 * max(0.0, t - (self.started or t))),
            int(self.cpu_ms),
            self.reads,
            self.writes,
            self.granted_pages,
            self.degree,
            self.percent,
            int(self.remaining_ms),
        )
        return dict(zip(_REQUEST, values, strict=True))


_REQUEST = (
    "request_id",
    "request_status",
    "command",
    "wait_type",
    "wait_time",
    "wait_resource",
    "blocking_session_id",
    "total_elapsed_time",
    "cpu_time",
    "reads",
    "writes",
    "granted_query_memory",
    "dop",
    "percent_complete",
    "estimated_completion_time",
)


def told(t: float | None, offset_s: float) -> datetime | None:
    """As a driver gives a `datetime2` that is meant in UTC: without a zone."""
    return None if t is None else datetime.fromtimestamp(t + offset_s, UTC).replace(tzinfo=None)


COLUMNS = tuple(Connected(0, "", "", "", 0, 0.0).row(0.0, 0.0))
"""Of a row, whoever is connected: an answer without rows has them too."""
