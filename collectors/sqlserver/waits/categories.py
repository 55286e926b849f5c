"""What is known of a wait type? Query Store's own map of categories, carried on for the types that it leaves out."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from collectors.safe import Safe, sanitise

CRITICAL = frozenset({
    *("THREADPOOL", "RESOURCE_SEMAPHORE", "RESOURCE_SEMAPHORE_QUERY_COMPILE", "RESMGR_THROTTLED"),
    *("IO_RETRY", "IO_QUEUE_LIMIT", "BAD_PAGE_PROCESS", "PREEMPTIVE_DEBUG"),
    *("LOG_RATE_GOVERNOR", "POOL_LOG_RATE_GOVERNOR", "SE_REPL_CATCHUP_THROTTLE", "SE_REPL_SLOW_SECONDARY_THROTTLE"),
    *("SE_REPL_COMMIT_ACK", "SE_REPL_COMMIT_TURN", "SE_REPL_ROLLBACK_ACK"),
})  # fmt: skip
"""Any of these is bad news."""
CRITICAL_WHEN_HIGH = frozenset({"CMEMTHREAD"})
HIGH_MS_PER_S = 50.0  # on each core


@dataclass(frozen=True, slots=True)
class Known:
    """``benign``: an idle thread's way of being idle."""

    category: Safe
    benign: bool
    meaning: Safe


@cache
def known(wait_type: str) -> Known:
    """By the exact name first, then the longest prefix; a type that nobody knows is `Unknown`, and counts."""
    exact, prefixes = _table()
    found = exact.get(wait_type)
    return found or next(each for prefix, each in prefixes if wait_type.startswith(prefix))


def category(wait_type: str) -> Safe:
    return known(wait_type).category


def is_critical(wait_type: str, ms_per_s_per_core: float) -> bool:
    return wait_type in CRITICAL or (wait_type in CRITICAL_WHEN_HIGH and ms_per_s_per_core >= HIGH_MS_PER_S)


def patterns() -> Mapping[str, Known]:
    """All rows: exact names, and prefixes that end in `%`."""
    return _table()[0]


@cache
def _table() -> tuple[Mapping[str, Known], tuple[tuple[str, Known], ...]]:
    table = (files("collectors.sqlserver") / "wait_categories.csv").read_text(encoding="utf-8")
    rows = {
        row["pattern"]: Known(sanitise(row["category"]), row["benign"] == "1", sanitise(row["meaning"]))
        for row in csv.DictReader(table.splitlines())
    }
    prefixes = [(pattern.removesuffix("%"), found) for pattern, found in rows.items() if pattern.endswith("%")]
    return rows, tuple(sorted(prefixes, key=lambda pair: -len(pair[0])))
