"""Which statements cost most in the last interval?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from collectors.readings import Inside
from collectors.safe import NO_TEXT, Safe


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement by one plan, whatever its literals: what it cost each second of the interval."""

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
    plan_handle: Safe = NO_TEXT  # of a plan that a SQL Server has cached, `0x…`; empty: none that is known


@dataclass(frozen=True, slots=True)
class Queries(Inside):
    """Any statement that was among the first by some measure."""

    part: ClassVar[Safe] = Safe("queries")

    rows: tuple[Statement, ...]
    interval_s: float | None  # None: nothing to compare with yet
    source: Safe  # query stats, Query Store, pg_stat_statements …
    trouble: Safe = NO_TEXT  # what keeps the source from telling all
    suspicions: tuple[Safe, ...] = ()  # such as one statement called again and again for one row
    count: int = 0  # statements that ran, those that are not told among them
    cpu_ms: float = 0.0  # of all of them, per second
