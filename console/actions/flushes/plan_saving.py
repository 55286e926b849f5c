"""How many plans would go, and what is kept of those that cost most? Looked at once for all looks of a few minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from collectors.errors import CannotCollect, Trouble
from collectors.safe import sanitise
from collectors.sqlserver.asking import Server
from collectors.sqlserver.queries.rows import hexed
from collectors.statement_text import normalise, strip_plan
from console.actions.flushes import plan_questions as questions
from console.actions.flushes.plan_questions import SavedRow
from console.actions.flushes.scope import Scope
from console.actions.plan import Target

GOOD_FOR = timedelta(minutes=5)  # so that the last looks, which must be quick, do not pay for it again
BAD_FOR = timedelta(seconds=20)
Keep = Callable[[bytes], Awaitable[str]]
"""On disk beside the audit when it returns its name there, `sha256:…`. Raises `Trouble` where it cannot be."""


async def nowhere(told: bytes) -> str:
    """A `Keep` for who has no folder."""
    raise Trouble("There is no folder for evidence.", mend="Say why it may go unsaved.")


@dataclass(frozen=True, slots=True)
class Survey:
    """``plans``: that would go; None: nobody could count them. ``unsaved``: why nothing is kept."""

    at: datetime
    plans: int | None = None
    size_kb: int = 0
    entries: int | None = None  # in the stores of all plans
    saved: int = 0
    evidence: str = ""
    unsaved: Trouble | None = None

    def is_good(self, now: datetime) -> bool:
        return timedelta(0) <= now - self.at < (BAD_FOR if self.unsaved or self.plans is None else GOOD_FOR)


class Surveys:
    """By what is asked about."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._known: dict[tuple[str, str], Survey] = {}

    def known(self, target: Target) -> Survey | None:
        return self._known.get((target.about, target.scope))

    async def of(self, server: Server, target: Target, wanted: Scope, now: datetime) -> Survey:
        """Never raises: what cannot be counted or kept is said by what it gives."""
        before = self.known(target)
        if before is not None and before.is_good(now):
            return before
        plans, size_kb, entries = await _counted(server, wanted)
        saved, evidence, unsaved = await self._saved(server, target, wanted, now)
        found = Survey(now, plans, size_kb, entries, saved, evidence, unsaved)
        self._known = {key: each for key, each in self._known.items() if each.is_good(now)}
        self._known[target.about, target.scope] = found
        return found

    async def _saved(
        self, server: Server, target: Target, wanted: Scope, now: datetime
    ) -> tuple[int, str, Trouble | None]:
        try:
            rows = await questions.costly(server, wanted.handle, wanted.database)
            told = await asyncio.to_thread(_told, rows, target, now)
            return len(rows), await self._keep(told), None
        except Trouble as trouble:
            return 0, "", trouble


async def _counted(server: Server, wanted: Scope) -> tuple[int | None, int, int | None]:
    if wanted.kind == "plan":
        return 1, 0, None
    try:
        plans, stores = await questions.plans(server, wanted.database)
    except CannotCollect:
        return None, 0, None
    return plans.plans, plans.size_kb if wanted.database else stores.size_kb, stores.entries


def _told(rows: tuple[SavedRow, ...], target: Target, now: datetime) -> bytes:
    """Blocks for as long as plans are long."""
    told = {
        "about": target.about,
        "arn": target.arn,
        "scope": target.scope,
        "at": now.isoformat(),
        "plans": [_plan(row) for row in rows],
    }
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def _plan(row: SavedRow) -> dict[str, object]:
    """Without the values in it, as a plan is shown."""
    return {
        "query_hash": hexed(row.query_hash),
        "query_plan_hash": hexed(row.query_plan_hash),
        "sql_handle": hexed(row.sql_handle),
        "plan_handle": hexed(row.plan_handle),
        "created": row.created,
        "last_run": row.last_run,
        "executions": row.executions,
        "cpu_us": row.cpu_us,
        "elapsed_us": row.elapsed_us,
        "reads": row.reads,
        "writes": row.writes,
        "rows": row.row_count,
        "statement": sanitise(normalise(row.statement or "")),
        "query_plan": _stripped(row.query_plan),
    }


def _stripped(xml: str | None) -> str:
    try:
        return "left out: it is too large" if xml is None else strip_plan(xml)
    except CannotCollect as trouble:
        return f"left out: {trouble.line()}"
