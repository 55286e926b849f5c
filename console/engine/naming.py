"""Whose condition does a status name? Everybody's; where that is more than a message holds, whose it matters of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from collectors.schedule.health import Health, State

MOST_NAMED = 400  # collectors
MOST_TEXT = 40 * 1024  # bytes: a message holds 64 KiB of what cannot be made smaller, and there is more in it than this
UNWELL: tuple[State, ...] = ("denied", "failing", "late")


@dataclass(frozen=True, slots=True)
class Named:
    """``unnamed``: how many others there are in each state."""

    healths: Sequence[Health]
    unnamed: Counter[State] = field(default_factory=Counter)


def named(there: Collection[Health], is_place: Callable[[str], bool], is_seen: Callable[[str], bool]) -> Named:
    """What reads a whole place or what is looked at; what ails and what is paused; then the others."""
    each = tuple(there)

    def matters(n: int) -> tuple[int, int]:
        if is_place(each[n].target) or is_seen(each[n].target):
            return 0, n
        return 1 if each[n].state in UNWELL or each[n].paused else 2, n

    order: Collection[int] = range(len(each)) if len(each) <= MOST_NAMED else sorted(range(len(each)), key=matters)
    chosen, room = set[int](), MOST_TEXT
    for n in order:
        room -= _text(each[n])
        if room < 0 or len(chosen) == MOST_NAMED:
            break
        chosen.add(n)
    others = Counter(health.state for n, health in enumerate(each) if n not in chosen)
    return Named([health for n, health in enumerate(each) if n in chosen], others)


def _text(health: Health) -> int:
    """Bytes of what is not the same in every collector."""
    return len("".join(filter(None, (health.target, health.error, health.mend, health.grant))).encode())
