"""What has one look at a source of statements brought, and what is it compared with?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from collectors.inside.statement_totals import Totals

NEVER = "9999-12-31T00:00:00.000"  # nothing was made since
INTERVAL_S = 60.0
LONGEST_S = 3600.0  # between two looks that are still compared
FIRST_S = 86_400.0  # how far back the first looks, so that the second knows what is old


@dataclass(frozen=True, slots=True)
class Ran:
    """Which statement ran by which plan; ``database`` is empty where only its text tells."""

    hash: str
    plan: str
    database: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What each statement cost each second; ``waits`` by what it waited for mostly, where the source tells."""

    rates: Mapping[Ran, Totals] = field(default_factory=dict)
    interval_s: float | None = None  # None: nothing to compare with yet
    waits: Mapping[Ran, str] | None = None
    is_whole: bool = True


def window_s(passed_s: float | None) -> int:
    """How far back is asked: nothing that ended since the last look may be missed. As DATEADD takes it: below 0."""
    return -int(FIRST_S if passed_s is None else 2 * max(INTERVAL_S, passed_s) + INTERVAL_S)
