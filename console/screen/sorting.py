"""In which order do the rows stand, and when may they change places? No row moves each second below a cursor."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from collectors.readings import Severity
from collectors.safe import Safe
from console.screen import glance

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

Pair = tuple[str, "Res"]
Key = Callable[[str, "Res"], Any]  # None: it has no such thing, and stands at the end either way

KEPT_S = 10.0  # so long an order by values that move is kept
DEFAULT = "level"


def _text(field: str) -> Key:
    return lambda _, res: getattr(res, field).lower() or None


def _most(names: Sequence[Safe]) -> Callable[[str, Res], float | None]:
    def key(_: str, res: Res) -> float | None:
        value = glance.first(res, names)
        return None if value is None or value.v is None else -value.v

    return key


def _furthest_behind(_: str, res: Res) -> float | None:
    """A dead link is further behind than any that lives."""
    if res.replication is not None and res.replication.state in glance.DEAD_LINKS:
        return -math.inf
    return _most(glance.LAG)(_, res)


def _least_free(_: str, res: Res) -> float | None:
    value = glance.first(res, glance.FREE)
    return None if value is None else value.v


def _oldest_backup(_: str, res: Res) -> int | None:
    return glance.restorable(res.backup)


def _longest_wait(_: str, res: Res) -> float | None:
    waited = glance.longest_wait(res.values.items())
    return None if waited is None else -waited[0]


def _newest_turn(_: str, res: Res) -> int | None:
    return None if res.since is None else -res.since


KEYS: Mapping[str, Key] = {
    "level": lambda _, res: glance.gravity(res),
    "name": lambda name, _: name,
    "engine": _text("engine"),
    "role": _text("role"),
    "region": _text("region"),
    "account": _text("account"),
    "az": _text("az"),
    "status": _text("status"),
    "since": _newest_turn,
    "cpu": _most(glance.CPU),
    "sessions": _most(glance.SESSIONS),
    "free": _least_free,
    "lag": _furthest_behind,
    "backup": _oldest_backup,
    "wait": _longest_wait,
    "age": lambda _, res: res.seen,
}
"""By column, what calls for attention first: most of the processor, least that is free, the oldest backup."""

MOVING = frozenset({"cpu", "sessions", "free", "lag", "backup", "wait", "age"})


class Gravities:
    """How grave each row is, looked at anew only where a row was replaced: of a thousand few are at a time."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Res, int]] = {}

    def of(self, name: str, res: Res) -> int:
        known = self._known.get(name)
        if known is None or known[0] is not res:
            known = self._known[name] = (res, glance.gravity(res))
        return known[1]


def in_order(
    pairs: Iterable[Pair], column: str = DEFAULT, *, reverse: bool = False, gravities: Gravities | None = None
) -> list[Pair]:
    """Equals stand as they do by level: the worst first, what cannot be seen, then clusters together."""
    worst_first = glance.in_order(pairs, gravities.of if gravities else None)
    if column == DEFAULT or column not in KEYS:
        return worst_first[::-1] if reverse else worst_first
    keyed = [(KEYS[column](name, res), (name, res)) for name, res in worst_first]
    there = sorted((each for each in keyed if each[0] is not None), key=lambda each: each[0], reverse=reverse)
    return [pair for _, pair in there] + [pair for key, pair in keyed if key is None]


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it was made: of which rows, at which levels, when, and how it was asked for."""

    column: str
    reverse: bool
    levels: Mapping[str, Severity | None]
    names: tuple[str, ...]
    at: float

    def is_kept(self, column: str, levels: Mapping[str, Severity | None], now: float, *, reverse: bool) -> bool:
        """Whether rows stay where they are although what they are sorted by has moved."""
        same = (self.column, self.reverse) == (column, reverse)
        return same and column in MOVING and now - self.at < KEPT_S and self.levels == levels


def ordered(
    before: Order | None,
    pairs: Sequence[Pair],
    column: str,
    now: float,
    *,
    reverse: bool = False,
    gravities: Gravities | None = None,
) -> Order:
    """The order before where it is to be kept, else a new one. ``now`` in seconds of any clock."""
    levels = {name: res.level for name, res in pairs}
    if before is not None and before.is_kept(column, levels, now, reverse=reverse):
        return before
    names = tuple(name for name, _ in in_order(pairs, column, reverse=reverse, gravities=gravities))
    return Order(column, reverse, levels, names, now)
