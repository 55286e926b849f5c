"""Whom should one look at first? Who holds up others, who is held up, who holds something open and does nothing."""

from __future__ import annotations

from collections.abc import Iterable

from collectors.inside.blocking import chains, walk
from collectors.inside.sessions import NOBODY, Session

FORGOTTEN_MS = 5000.0  # between two statements of one transaction a client is idle for less


def most_worrying(rows: Iterable[Session]) -> tuple[Session, ...]:
    there = tuple(rows)
    behind = {each.id: each.total for root in chains(there) for each, _ in walk(root)}

    def worry(row: Session) -> tuple[int, float, int]:
        if row.blocked_by == NOBODY and behind.get(row.id):
            return 0, -float(behind[row.id]), row.id
        if row.id in behind:
            return 1, -row.wait_ms, row.id
        if is_forgotten(row):
            return 2, -(row.idle_ms or 0.0), row.id
        return 3, -(row.elapsed_ms or row.idle_ms or 0.0), row.id

    return tuple(sorted(there, key=worry))


def is_forgotten(row: Session) -> bool:
    """Whether it has a transaction open and does nothing: whoever wants what it has changed waits for a person."""
    return row.transactions > 0 and row.idle_ms is not None and row.idle_ms >= FORGOTTEN_MS
