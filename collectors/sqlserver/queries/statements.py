"""How is what several sources have told one list of statements, none of them in it twice?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from collectors.inside.queries import Statement
from collectors.inside.statement_totals import Totals
from collectors.inside.top_statements import cut_to
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.sqlserver.queries.looked import Looked, Ran
from collectors.sqlserver.queries.texts import Text

TEXT_BYTES = 40_000  # of all statements together: a message has room for 64 KiB, compressed
QUERY_STATS, QUERY_STORE = "query stats", "Query Store"


def rates_of(cache: Looked, stores: Mapping[str, Looked]) -> dict[Ran, Totals]:
    """All that ran, by each source that told of it."""
    found = dict(cache.rates)
    for looked in stores.values():
        found |= looked.rates
    return found


def statements(
    chosen: Sequence[Ran],
    rates: Mapping[Ran, Totals],
    stores: Mapping[str, Looked],
    texts: Mapping[Ran, Text],
    plans: Mapping[Ran, str],
) -> tuple[Statement, ...]:
    """What the Query Store of a database tells, the plan cache tells of it too: that is left out, and so are we."""
    kept = [ran for ran in chosen if not texts[ran].is_ours and (ran.database or texts[ran].database not in stores)]
    kept.sort(key=lambda ran: -rates[ran].cpu_ms)
    several = Counter(ran_hash for ran_hash, _ in {(ran.hash, ran.plan) for ran in rates})
    cut = cut_to({ran: texts[ran].statement for ran in kept}, TEXT_BYTES)
    return tuple(
        replace(
            _one(ran, rates[ran], stores.get(ran.database)),
            database=texts[ran].database,
            text=sanitise(cut[ran]),
            plans=several[ran.hash],
            plan_handle=sanitise(plans.get(Ran(ran.hash, ran.plan), "")),
        )
        for ran in kept
    )


def _one(ran: Ran, rate: Totals, store: Looked | None) -> Statement:
    waits = store.waits if store else None
    return Statement(
        hash=sanitise(ran.hash),
        plan=sanitise(ran.plan),
        database=NO_TEXT,
        text=NO_TEXT,
        executions=rate.executions,
        cpu_ms=rate.cpu_ms,
        elapsed_ms=rate.elapsed_ms,
        reads=rate.reads,
        writes=rate.writes,
        rows=rate.rows,
        wait_ms=rate.wait_ms if waits is not None else None,
        wait=sanitise(waits.get(ran, "")) if waits is not None else NO_TEXT,
        spills=rate.spills,
        grant_kb=rate.grant_kb / rate.executions if rate.executions else 0.0,
    )


def source(stores: Iterable[str], elsewhere: int) -> Safe:
    """``elsewhere``: databases that no Query Store tells of."""
    names = sorted(stores)
    if not names:
        return Safe(QUERY_STATS)
    return sanitise(f"{QUERY_STORE} of {', '.join(names)}" + (f"; {QUERY_STATS} for the rest" if elsewhere else ""))
