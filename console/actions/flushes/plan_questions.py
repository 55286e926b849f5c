"""What is asked of a SQL Server about its plans, before they are thrown out and after?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from collectors.errors import CannotCollect
from collectors.sqlserver.asking import Question, Server, text_of
from collectors.sqlserver.queries.rows import hexed

HERE = Question("flush_server", text_of("flush_server"), grants=(), within=timedelta(seconds=5))
HANDLE = Question("flush_handle", text_of("flush_handle"), within=timedelta(seconds=5))
DATABASE = Question("flush_database", text_of("flush_database"), ("VIEW ANY DATABASE",), timedelta(seconds=5))
PLANS = Question("flush_plans", text_of("flush_plans"), within=timedelta(seconds=15))
SAVED = Question("flush_saved", text_of("flush_saved"), within=timedelta(seconds=20))
RUNNING = Question("flush_running", text_of("flush_running"), within=timedelta(seconds=5))
MOST_AGE_S = 10**8  # as DATEADD takes it with room


class Here(BaseModel):
    """Which server it is, and what whoever asks may do there."""

    server_name: str | None
    machine: str | None
    node: str | None
    started: datetime
    up_s: int
    database_name: str | None
    may_server: bool
    may_database: bool

    def facts(self) -> dict[str, str]:
        """What makes it this server, and not another that answers by the same name."""
        started = self.started.replace(tzinfo=UTC).isoformat()
        told = {"server": self.server_name, "machine": self.machine, "node": self.node, "started": started}
        return {name: value or "" for name, value in told.items()}


class HandleRow(BaseModel):
    """One statement of a plan."""

    query_hash: bytes
    created: str
    executions: int
    text_hash: bytes | None
    statement: str | None

    @property
    def hash(self) -> str:
        return hexed(self.query_hash)


class DatabaseRow(BaseModel):
    database_name: str
    database_id: int
    state_desc: str
    updateability: str | None


class PlansRow(BaseModel):
    plans: int
    size_kb: int


class RunningRow(BaseModel):
    running: int


class StoresRow(BaseModel):
    """The caches of ad hoc and of compiled plans together."""

    entries: int
    size_kb: int


class SavedRow(BaseModel):
    query_hash: bytes
    query_plan_hash: bytes
    sql_handle: bytes
    plan_handle: bytes
    created: str
    last_run: str | None
    executions: int
    cpu_us: int
    elapsed_us: int
    reads: int
    writes: int
    row_count: int
    statement: str | None
    query_plan: str | None


async def here(server: Server) -> Here:
    (rows,) = await server.ask(HERE)
    found = rows.as_(Here)
    if len(found) != 1:
        raise CannotCollect("The server tells nothing of itself.", seen=f"{len(found)} rows")
    return found[0]


async def handle(server: Server, wanted: str) -> tuple[HandleRow, ...]:
    """The oldest statement first; none where there is no such plan any more."""
    (rows,) = await server.ask(HANDLE, wanted)
    return rows.as_(HandleRow)


async def database(server: Server, name: str) -> DatabaseRow | None:
    """By exactly that name."""
    (rows,) = await server.ask(DATABASE, name)
    return next((row for row in rows.as_(DatabaseRow) if row.database_name == name), None)


async def plans(server: Server, name: str, older_s: float = -1.0) -> tuple[PlansRow, StoresRow]:
    """Of a database, or of all; ``older_s``: at least that old, by the server's clock. The stores are of all."""
    age = -min(MOST_AGE_S, int(older_s))
    counted, stores = await server.ask(PLANS, age, name, name)
    return counted.as_(PlansRow)[0], stores.as_(StoresRow)[0]


async def costly(server: Server, wanted: str, name: str) -> tuple[SavedRow, ...]:
    """Those of one plan, by its handle, of one database, or of all where neither is named."""
    (rows,) = await server.ask(SAVED, wanted, wanted, name, name)
    return rows.as_(SavedRow)


async def running(server: Server) -> int:
    """Flushes that are at work there, whoever sent them."""
    (rows,) = await server.ask(RUNNING)
    return rows.as_(RunningRow)[0].running
