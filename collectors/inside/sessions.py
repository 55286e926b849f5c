"""Who is at work in a database, who waits, and who holds up whom?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from collectors.readings import Inside
from collectors.safe import NO_TEXT, Safe

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Session:
    """One connection that has a request under way, or a transaction open.

    Times and amounts are totals of that request so far, not of an interval.
    """

    id: int
    status: Safe  # as the engine calls it: running, runnable, suspended, sleeping …
    login: Safe
    host: Safe
    program: Safe
    database: Safe
    command: Safe
    statement: Safe  # without its literals, cut where it is long
    wait: Safe = NO_TEXT  # type; empty: it does not wait
    wait_ms: float = 0.0
    resource: Safe = NO_TEXT  # what it waits for, in words as far as those can be found
    blocked_by: int = NOBODY  # the session that holds it; below 0 it is none, and `held` says what
    held: Safe = NO_TEXT
    elapsed_ms: float | None = None  # of the request; None: it has none, and is idle
    idle_ms: float | None = None  # since its last request ended
    transactions: int = 0  # open
    transaction_began: datetime | None = None  # by our clock
    log_bytes: int = 0  # written by its transactions: what a rollback would undo
    cpu_ms: float = 0.0
    reads: int = 0
    writes: int = 0
    granted_kb: int = 0
    tempdb_kb: int = 0
    degree: int = 1  # of parallelism
    percent: float | None = None  # complete, where the engine tells
    remaining_ms: float | None = None
    task: Safe = NO_TEXT  # long work of its own kind: a backup, an index …
    isolation: Safe = NO_TEXT


@dataclass(frozen=True, slots=True)
class Sessions(Inside):
    """Whoever is at work or holds something open, the most worrying first."""

    part: ClassVar[Safe] = Safe("sessions")

    rows: tuple[Session, ...]
    more: int = 0  # that were there too
    connected: int = 0  # all sessions of users, idle ones among them
