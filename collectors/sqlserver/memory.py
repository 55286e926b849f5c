"""What is the memory of a SQL Server used for, who waits for some, and are there processors and workers enough?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import BaseModel

from collectors.errors import CannotCollect
from collectors.inside.memory import Clerk, Grant, Memory, PageLife, Pool, Processors
from collectors.page_life import PageLifePast
from collectors.readings import Reading, ResourceId
from collectors.safe import sanitise
from collectors.sqlserver.asking import VIEW_SERVER_STATE, Question, Servers, text_of
from collectors.sqlserver.collector import Now, SqlServerCollector

MEMORY = Question("memory", text_of("memory"))
SCHEDULERS = Question("schedulers", text_of("schedulers"))


class SystemRow(BaseModel):
    node: str
    started: datetime
    committed_kb: int
    committed_target_kb: int
    process_low: int
    system_low: int
    page_life_s: int | None


class ClerkRow(BaseModel):
    type: str
    pages_kb: int


class GrantRow(BaseModel):
    session_id: int
    requested_memory_kb: int
    granted_memory_kb: int | None
    used_memory_kb: int | None
    ideal_memory_kb: int
    wait_time_ms: int | None
    dop: int


class PoolRow(BaseModel):
    target_memory_kb: int
    available_memory_kb: int | None
    granted_memory_kb: int | None
    waiter_count: int
    timeout_error_count: int | None


class ProcessorsRow(BaseModel):
    cores: int
    runnable: int
    busiest: int
    workers: int
    most_workers: int
    queued: int
    pending_io: int


class MemoryUse(SqlServerCollector):
    """One Memory for each pass."""

    name: ClassVar[str] = "memory"
    asks = ("memory", "schedulers")
    every: ClassVar[timedelta] = timedelta(seconds=15)
    needs: ClassVar[tuple[str, ...]] = (VIEW_SERVER_STATE,)

    def __init__(self, servers: Servers, now: Now) -> None:
        super().__init__(servers, now)
        self._past: dict[ResourceId, tuple[tuple[str, datetime], PageLifePast]] = {}

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        server = self._servers.of(target)
        systems, clerks, grants, pools = await server.ask(MEMORY)
        processors = (await server.ask(SCHEDULERS))[0].as_(ProcessorsRow)
        system = next(iter(systems.as_(SystemRow)), None)
        if system is None:
            raise CannotCollect("The server did not say how much memory it has.", mend="Look whether it is starting.")
        now = self._now()
        yield Memory(
            target,
            now,
            used_kb=system.committed_kb,
            target_kb=system.committed_target_kb,
            is_low=bool(system.process_low or system.system_low),
            page_life_s=None if system.page_life_s is None else float(system.page_life_s),
            clerks=tuple(Clerk(sanitise(row.type), row.pages_kb) for row in clerks.as_(ClerkRow)),
            grants=tuple(map(_grant, grants.as_(GrantRow))),
            pools=tuple(map(_pool, pools.as_(PoolRow))),
            processors=next((Processors(**row.model_dump()) for row in processors), None),
            page_life=self._judged(target, system, now.timestamp()),
        )

    def _judged(self, target: ResourceId, system: SystemRow, t: float) -> PageLife:
        """Another node's page life is another's: it has not fallen, it is one that was never compared."""
        if system.page_life_s is None:
            return PageLife.FINE
        epoch = (system.node, system.started)
        known, past = self._past.get(target, (None, None))
        if past is None or known != epoch:
            past = PageLifePast()
            self._past[target] = (epoch, past)
        return past.judge(t, float(system.page_life_s), system.committed_kb)


def _grant(row: GrantRow) -> Grant:
    return Grant(
        session=row.session_id,
        requested_kb=row.requested_memory_kb,
        granted_kb=row.granted_memory_kb,
        used_kb=row.used_memory_kb or 0,
        ideal_kb=row.ideal_memory_kb,
        waited_ms=float(row.wait_time_ms or 0),
        degree=row.dop,
    )


def _pool(row: PoolRow) -> Pool:
    return Pool(
        target_kb=row.target_memory_kb,
        available_kb=row.available_memory_kb or 0,
        granted_kb=row.granted_memory_kb or 0,
        waiting=row.waiter_count,
        timeouts=row.timeout_error_count or 0,
    )
