"""What ran by the Query Store of one database, and what did it wait for?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from collectors.inside.statement_totals import NOTHING, Count, Totals, gains, remembered
from collectors.readings import ResourceId
from collectors.sqlserver.asking import Server
from collectors.sqlserver.inside_database import UserDatabase, inside, question
from collectors.sqlserver.queries.cache import QUERY_STORE_WAITS_SINCE
from collectors.sqlserver.queries.looked import LONGEST_S, NEVER, Looked, Ran, window_s
from collectors.sqlserver.queries.rows import Here, StoredRow, StoredWait, StoreState, hexed

STATE = question("query_store_state", 5)
STORE = question("query_store")
WAITS = question("query_store_waits")
READS_AND_WRITES = "READ_WRITE"
SIZE_LIMIT = 65_536  # readonly_reason
MOST_ROWS = 5_000

Part = tuple[int, int, int]
"""Plan, interval and how it ended: Query Store counts each for itself."""


@dataclass(frozen=True, slots=True)
class Baseline:
    here: Here
    totals: Mapping[Part, Totals]
    waits: Mapping[tuple[Part, str], float]


@dataclass(frozen=True, slots=True)
class StoreLook:
    looked: Looked = field(default_factory=Looked)
    queries: Mapping[Ran, int] = field(default_factory=dict)  # by which the texts of statements are asked for


class QueryStores:
    """Remembers each database's counts between two looks. They are in the database, and so outlive a failover; the time
    between two looks is told by one node's clock."""

    def __init__(self) -> None:
        self._baselines: dict[tuple[ResourceId, str], Baseline] = {}

    async def why_not(self, server: Server, database: UserDatabase) -> str:
        """Why it does not tell, in words; empty where it does."""
        if not database.is_query_store_on:
            return f"Query Store is off in {database.database_name}"
        (rows,) = await server.ask(inside(STATE, database), database.database_name)
        return why_not(database.database_name, rows.as_(StoreState))

    async def look(
        self, server: Server, about: ResourceId, database: UserDatabase, version: int, passed_s: float | None
    ) -> StoreLook:
        name = database.database_name
        before = self._baselines.get((about, name))
        window = window_s(passed_s if before else INTERVAL)
        counted, here_ = await server.ask(inside(STORE, database), name, before.here.asked if before else NEVER, window)
        rows, here = counted.as_(StoredRow), here_.as_(Here)[0]
        waited: tuple[StoredWait, ...] | None = None
        if version >= QUERY_STORE_WAITS_SINCE:
            waited = (await server.ask(inside(WAITS, database), name, window))[0].as_(StoredWait)
        counts, waits = _counts(rows), _waits(waited or ())
        kept = remembered(before.totals if before else {}, counts, is_whole=len(rows) < MOST_ROWS)
        self._baselines[about, name] = Baseline(here, kept, waits)
        looked = _compared(before, here, rows, waits, name)
        ran = {Ran(hexed(row.query_hash), hexed(row.query_plan_hash), name): row.query_id for row in rows}
        return StoreLook(replace(looked, waits=looked.waits if waited is not None else None), ran)


INTERVAL = 3600.0  # what Query Store sums up in one row, where nobody has set it otherwise


def why_not(name: str, rows: tuple[StoreState, ...]) -> str:
    state = rows[0] if rows else None
    if state is None or state.actual_state == READS_AND_WRITES:
        return "" if state else f"Query Store of {name} does not say how it is"
    if state.readonly_reason == SIZE_LIMIT:
        return f"Query Store of {name} is full and only read: it counts nothing more"
    return f"Query Store of {name} is {state.actual_state.lower().replace('_', ' ')}: it counts nothing"


def _counts(rows: tuple[StoredRow, ...]) -> dict[Part, Count]:
    return {_part(row): Count(fresh=row.totals()) if row.is_fresh else Count(row.totals()) for row in rows}


def _waits(rows: tuple[StoredWait, ...]) -> dict[tuple[Part, str], float]:
    return {(_part(row), row.wait_category): row.wait_ms for row in rows}


def _part(row: StoredRow | StoredWait) -> Part:
    return row.plan_id, row.interval_id, row.execution_type


def _compared(
    before: Baseline | None,
    here: Here,
    rows: tuple[StoredRow, ...],
    waits: Mapping[tuple[Part, str], float],
    database: str,
) -> Looked:
    """Only what ran can have waited: a count of waits is taken as far as its plan's own count is."""
    seconds = here.seconds_since(before.here) if before else 0.0
    if before is None or not 0 < seconds <= LONGEST_S:
        return Looked(is_whole=len(rows) < MOST_ROWS)
    gained = gains(before.totals, _counts(rows))
    rates: dict[Ran, Totals] = defaultdict(lambda: NOTHING)
    waited: dict[Ran, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    fresh = {_part(row) for row in rows if row.is_fresh}
    ran_of = {_part(row): Ran(hexed(row.query_hash), hexed(row.query_plan_hash), database) for row in rows}
    for part, totals in gained.items():
        rates[ran_of[part]] += totals.each_second(seconds)
    for (part, category), ms in waits.items():
        known = before.waits.get((part, category), 0.0 if part in fresh or part in before.totals else None)
        if part in gained and known is not None and ms > known:
            waited[ran_of[part]][category] += (ms - known) / seconds
    for ran, by_category in waited.items():
        rates[ran] = replace(rates[ran], wait_ms=sum(by_category.values()))
    mostly = {ran: max(by_category, key=lambda each: by_category[each]) for ran, by_category in waited.items()}
    return Looked(dict(rates), seconds, mostly, len(rows) < MOST_ROWS)
