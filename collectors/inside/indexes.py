"""Which indexes are missing, which are written for nothing, and how old is the evidence?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from collectors.readings import Inside
from collectors.safe import NO_TEXT, Safe

DAY_S = 86_400.0
DAYS_NEEDED = 30  # less than a month has not seen the work of a month's end


@dataclass(frozen=True, slots=True)
class MissingIndex:
    """An index that the optimiser would have liked. It knows no order of keys, and not what is there already."""

    table: Safe
    equality: Safe
    inequality: Safe
    included: Safe
    score: float
    seeks: int  # and scans: how often it would have been of use
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
class Indexes(Inside):
    part: ClassVar[Safe] = Safe("indexes")

    missing: tuple[MissingIndex, ...]
    unused: tuple[UnusedIndex, ...]  # none before the evidence is old enough
    evidence_s: float  # for how long this node has counted
    node: Safe = NO_TEXT
    trouble: Safe = NO_TEXT  # what keeps it from telling all

    @property
    def is_enough(self) -> bool:
        """Whether what was not read may be called unused."""
        return enough(self.evidence_s)


def enough(evidence_s: float) -> bool:
    return evidence_s >= DAYS_NEEDED * DAY_S


def score(cost: float, impact_percent: float, uses: int) -> float:
    """How much of all that was spent it would have saved, in the optimiser's own unit."""
    return cost * impact_percent / 100 * uses
