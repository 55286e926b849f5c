"""What ran by the plan cache, all databases together? One statement, and none for each plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.inside.statement_totals import Count, Totals, gains, remembered
from collectors.readings import ResourceId
from collectors.sqlserver.asking import Server
from collectors.sqlserver.inside_database import question
from collectors.sqlserver.queries.looked import LONGEST_S, NEVER, Looked, Ran, window_s
from collectors.sqlserver.queries.rows import CachedRow, Here, hexed

STATS = question("query_stats")
MOST_ROWS = 10_000  # that the statement gives
QUERY_STORE_WAITS_SINCE = 14  # 2017


@dataclass(frozen=True, slots=True)
class Baseline:
    """One node's counts at its last look."""

    here: Here
    totals: Mapping[Ran, Totals]


@dataclass(frozen=True, slots=True)
class CacheLook:
    """``handles``: by which the texts of statements are asked for; ``plans``: those of plans alone."""

    looked: Looked
    handles: Mapping[Ran, str]
    plans: Mapping[Ran, str]
    version: int


class PlanCache:
    """Remembers each server's counts between two looks. Another node counts for itself."""

    def __init__(self) -> None:
        self._baselines: dict[ResourceId, Baseline] = {}

    async def look(self, server: Server, about: ResourceId, passed_s: float | None) -> CacheLook:
        """``passed_s``: since the last look, by our own clock; None where it cannot be compared."""
        before = self._baselines.get(about)
        since = before.here.asked if before else NEVER
        counted, here_ = await server.ask(STATS, since, window_s(passed_s if before else None))
        rows, here = counted.as_(CachedRow), here_.as_(Here)[0]
        counts = count(rows)
        is_whole = len(rows) < MOST_ROWS
        known = before if before and here.seconds_since(before.here) > 0 else None
        kept = remembered(known.totals if known else {}, counts, is_whole=is_whole)
        self._baselines[about] = Baseline(here, kept)
        handles = {ran_of(row): row.text_handle for row in rows}
        plans = {ran_of(row): row.plan_handle for row in rows}
        return CacheLook(_compared(known, counts, here, is_whole=is_whole), handles, plans, here.version or 0)


def count(rows: tuple[CachedRow, ...]) -> dict[Ran, Count]:
    """By statement and plan: at most two rows each, of plans made before the last look and since."""
    found: dict[Ran, Count] = {}
    for row in rows:
        held, totals = found.get(ran_of(row), Count()), row.totals(row.spills)
        fresh, old = (totals, held.old) if row.is_fresh else (held.fresh, totals)
        found[ran_of(row)] = Count(old, fresh)
    return found


def ran_of(row: CachedRow) -> Ran:
    return Ran(hexed(row.query_hash), hexed(row.query_plan_hash))


def _compared(before: Baseline | None, counts: Mapping[Ran, Count], here: Here, *, is_whole: bool) -> Looked:
    seconds = here.seconds_since(before.here) if before else 0.0
    if before is None or not 0 < seconds <= LONGEST_S:
        return Looked(is_whole=is_whole)
    gained = gains(before.totals, counts)
    return Looked({ran: each.each_second(seconds) for ran, each in gained.items()}, seconds, None, is_whole)
