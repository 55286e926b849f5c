"""Which statement is called again and again for one row each, where one call could have brought them all (N+1)?

A suspicion and no proof: a busy lookup by key looks the same. It is one where such a statement makes up much of all
that is called, because what is called so often for its own sake is rarely the most of everything.
"""

from __future__ import annotations

from collections.abc import Iterable

from collectors.inside.queries import Statement
from collectors.safe import Safe, sanitise

MANY_CALLS = 100.0  # each second
ONE_ROW = 1.2  # on average
CHEAP_MS = 1.0  # of processor time, each
CHEAP_PAGES = 30.0
MUCH_OF_ALL = 0.35  # of all calls
SHOWN = 60  # characters of the statement


def suspicions(rows: Iterable[Statement], calls: float) -> tuple[Safe, ...]:
    """A sentence for each; ``calls``: of all statements, each second."""
    return tuple(_sentence(row, calls) for row in rows if is_suspect(row, calls))


def is_suspect(row: Statement, calls: float) -> bool:
    n = row.executions
    if calls <= 0:  # all of them were counted anew, as after a failover: of what is this one a part?
        return False
    if n < MANY_CALLS or n < MUCH_OF_ALL * calls or not row.text.upper().startswith(("SELECT", "(", "WITH")):
        return False
    return 0 < row.rows <= ONE_ROW * n and row.cpu_ms <= CHEAP_MS * n and row.reads <= CHEAP_PAGES * n


def _sentence(row: Statement, calls: float) -> Safe:
    text = row.text if len(row.text) <= SHOWN else f"{row.text[:SHOWN]}…"
    share = 100 * row.executions / calls
    words = f"One statement is called {row.executions:,.0f} times a second for one row each, {share:.0f}% of all calls"
    return sanitise(f"{words}: perhaps a loop over rows (N+1): {text}")
