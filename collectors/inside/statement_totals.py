"""What did each statement cost since the last look? Counters that vanish, fall and begin anew make no rate.

Two looks are compared by statement. What plans have counted that were made since the last look is all of this
interval; of older plans it is the difference. Plans that were thrown out take what they counted with them, so that a
difference is never more than what was really run, and nothing where the count of executions fell.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one statement: amounts, or amounts each second."""

    executions: float = 0.0
    cpu_ms: float = 0.0
    elapsed_ms: float = 0.0
    reads: float = 0.0
    writes: float = 0.0
    rows: float = 0.0
    spills: float = 0.0
    grant_kb: float = 0.0
    wait_ms: float = 0.0

    def __add__(self, other: Totals) -> Totals:
        return Totals(*(a + b for a, b in zip(self.amounts, other.amounts, strict=True)))

    def since(self, before: Totals) -> Totals:
        """What came to it; nothing where it is not the same count going on."""
        if self.executions <= before.executions:
            return NOTHING
        return Totals(*(max(0.0, a - b) for a, b in zip(self.amounts, before.amounts, strict=True)))

    @property
    def amounts(self) -> tuple[float, ...]:
        """In the order of the fields."""
        found: tuple[float, ...] = _amounts(self)
        return found

    def each_second(self, seconds: float) -> Totals:
        return Totals(*(each / seconds for each in self.amounts))


_amounts = attrgetter(*(each.name for each in fields(Totals)))  # `astuple` copies each of them deeply
NOTHING = Totals()


@dataclass(frozen=True, slots=True)
class Count:
    """``fresh``: what was counted by plans that were made since the last look."""

    old: Totals = field(default=NOTHING)
    fresh: Totals = field(default=NOTHING)

    @property
    def whole(self) -> Totals:
        return self.old + self.fresh


def gains(before: Mapping[Key, Totals], now: Mapping[Key, Count]) -> dict[Key, Totals]:
    """Of each statement that ran. One that is seen for the first time has only what its new plans have counted."""
    found: dict[Key, Totals] = {}
    for key, count in now.items():
        gained = count.fresh + count.old.since(before[key]) if key in before else count.fresh
        if gained.executions > 0:
            found[key] = gained
    return found


def remembered(before: Mapping[Key, Totals], now: Mapping[Key, Count], *, is_whole: bool) -> dict[Key, Totals]:
    """What the next look is compared with.

    A statement that is not told because it has not run keeps its count until it runs again. Where the answer was cut
    (``is_whole`` is false) nobody knows whether it ran, and it is forgotten.
    """
    kept = {key: totals for key, totals in before.items() if key not in now} if is_whole else {}
    kept |= {key: count.whole for key, count in now.items()}
    return dict(list(kept.items())[-MOST_REMEMBERED:])
