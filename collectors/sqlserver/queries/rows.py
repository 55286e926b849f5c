"""What do the statements about queries and indexes give?"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from collectors.inside.statement_totals import Totals

US_IN_MS = 1000
HANDLE_BYTES, STATEMENT_BYTES = 64, 72


class CountedRow(BaseModel):
    query_hash: bytes
    query_plan_hash: bytes
    is_fresh: bool
    executions: float
    cpu_us: float
    elapsed_us: float
    reads: float
    writes: float
    row_count: float
    grant_kb: float

    def totals(self, spills: float = 0.0) -> Totals:
        return Totals(
            executions=self.executions,
            cpu_ms=self.cpu_us / US_IN_MS,
            elapsed_ms=self.elapsed_us / US_IN_MS,
            reads=self.reads,
            writes=self.writes,
            rows=self.row_count,
            spills=spills,
            grant_kb=self.grant_kb,
        )


class CachedRow(CountedRow):
    """``handle``: a plan's, filled up to 64 bytes, from where to where the statement stands, and how long it was."""

    spills: float
    handle: bytes

    @property
    def text_handle(self) -> str:
        """By which the text of the statement is asked for."""
        return hexed(self.handle[:STATEMENT_BYTES])

    @property
    def plan_handle(self) -> str:
        """As the server has it; empty where it does not say how long that is."""
        length = next(iter(self.handle[STATEMENT_BYTES:]), 0)
        return hexed(self.handle[:length]) if 0 < length <= HANDLE_BYTES else ""


class StoredRow(CountedRow):
    query_id: int
    plan_id: int
    interval_id: int
    execution_type: int


class StoredWait(BaseModel):
    plan_id: int
    interval_id: int
    execution_type: int
    wait_category: str
    wait_ms: float


class Here(BaseModel):
    """``asked``: by the server's own clock, as its counters' times are; what began later was not counted yet."""

    node: str | None
    started: datetime
    ms_ticks: int
    version: int | None = None
    asked: str

    def seconds_since(self, before: Here) -> float:
        """By the node's own ticks; 0 where another node answered then, or it was started since."""
        same = (self.node, self.started) == (before.node, before.started)
        return max(0.0, (self.ms_ticks - before.ms_ticks) / 1000) if same else 0.0


class CachedText(BaseModel):
    slot: int
    is_ours: bool
    database_name: str | None
    statement: str | None


class StoredText(BaseModel):
    query_id: int
    statement: str | None


class StoreState(BaseModel):
    actual_state: str
    readonly_reason: int


class MissingRow(BaseModel):
    table_name: str
    equality_columns: str | None
    inequality_columns: str | None
    included_columns: str | None
    user_seeks: int
    user_scans: int
    avg_total_user_cost: float
    avg_user_impact: float
    last_user_seek: datetime | None


class Since(BaseModel):
    node: str | None
    up_s: float


class UnusedRow(BaseModel):
    database_name: str
    schema_name: str
    table_name: str
    index_name: str
    updates: int
    used_kb: int


class PlanRow(BaseModel):
    query_plan: str | None


class FragmentRow(BaseModel):
    index_name: str
    index_type: str
    partition_number: int
    fragmentation: float
    page_count: int


def hexed(binary: bytes) -> str:
    """As T-SQL writes it, and `CONVERT(binary(8), …, 1)` reads it."""
    return f"0x{binary.hex().upper()}"
