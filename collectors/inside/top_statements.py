"""Which statements are worth a line? Any that is among the first by some measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TypeVar

from collectors.inside.statement_totals import Key, Totals

FIRST_BY_EACH = 12
MEASURES: tuple[str, ...] = ("cpu_ms", "elapsed_ms", "reads", "writes", "executions", "wait_ms")
"""The first is the one they are told in the order of."""
Item = TypeVar("Item")


def leading(totals: Mapping[Key, Totals], first: int = FIRST_BY_EACH) -> tuple[Key, ...]:
    """Those, the most costly first. Whoever has nothing of a measure leads nobody by it."""
    found: set[Key] = set()
    for measure in MEASURES:
        of = attrgetter(measure)
        found.update(_first(totals, lambda key, of=of: float(of(totals[key])), first))  # type: ignore[misc]
    return tuple(sorted(found, key=lambda key: (-totals[key].cpu_ms, -totals[key].elapsed_ms, str(key))))


def _first(totals: Mapping[Key, Totals], amount: Callable[[Key], float], first: int) -> list[Key]:
    some = [key for key in totals if amount(key) > 0]
    return sorted(some, key=lambda key: (-amount(key), str(key)))[:first]


def cut_to(texts: Mapping[Key, str], room: int) -> dict[Key, str]:
    """So that all of them together have room (in bytes): only the longest are cut, all to one length."""
    longest = max((len(text) for text in texts.values()), default=0)
    short, fits = longest, 0
    while short > fits:
        middle = (short + fits + 1) // 2
        if sum(len(text[:middle].encode()) for text in texts.values()) <= room:
            fits = middle
        else:
            short = middle - 1
    return {key: text if len(text) <= fits else text[: max(0, fits - 1)] + "…" for key, text in texts.items()}
