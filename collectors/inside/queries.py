"""Which statements cost most in the last interval, and which indexes are missing or useless?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from collectors.readings import Inside
from collectors.safe import NO_TEXT, Safe


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, whatever its literals: what it cost each second of the interval."""

    hash: Safe
    plan: Safe  # which plan it ran by
    database: Safe
    text: Safe  # without its literals, cut where it is long
    executions: float  # per second
    cpu_ms: float  # per second, as the rest
    elapsed_ms: float
    reads: float  # pages
    writes: float
    rows: float
    wait_ms: float | None = None  # None: the source does not tell
    wait: Safe = NO_TEXT  # what it mostly waits for
    spills: float = 0.0
    grant_kb: float = 0.0  # of one execution
    plans: int = 1  # of the same statement in the interval


@dataclass(frozen=True, slots=True)
class MissingIndex:
    """An index that the optimiser would have liked. It knows no order of keys, and not what is there already."""

    table: Safe
    equality: Safe
    inequality: Safe
    included: Safe
    score: float
    seeks: int
    impact: float  # percent
    last: datetime | None


@dataclass(frozen=True, slots=True)
class UnusedIndex:
    """An index that is written and was not read on this node for as long as the evidence goes back."""

    table: Safe
    name: Safe
    updates: int
    size_kb: int


@dataclass(frozen=True, slots=True)
class Queries(Inside):
    """Any statement that was among the first by some measure."""

    part: ClassVar[Safe] = Safe("queries")

    rows: tuple[Statement, ...]
    interval_s: float | None  # None: nothing to compare with yet
    source: Safe  # query stats, Query Store, pg_stat_statements …
    trouble: Safe = NO_TEXT  # what keeps the source from telling all
    missing: tuple[MissingIndex, ...] = ()
    unused: tuple[UnusedIndex, ...] = ()
    evidence_s: float | None = None  # for how long this node has counted the use of indexes
    suspicions: tuple[Safe, ...] = ()  # such as one statement called again and again for one row
