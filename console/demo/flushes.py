"""What was flushed, when, and how much of it is still missing? What is asked for again comes back by and by."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from collectors.readings import ResourceId
from collectors.safe import sanitise

Run = tuple[int, int]
"""Numbers of keys, from the first to before the second."""
PLANS_BACK_S = 60.0  # in which all but a third of what was thrown out has been compiled again
OVER = 9.0  # times as long, and nobody can tell that there was a flush
MOST_RUNS = 4096  # of one flush


@dataclass(frozen=True, slots=True)
class Flush:
    """``id``: made by whoever reports it, so that one that is told twice counts once."""

    id: str
    at: float  # the estate's seconds since 1970
    about: ResourceId  # the node, or the SQL Server
    operation: str  # FLUSHDB, FLUSHALL, UNLINK; FREEPROCCACHE, CLEAR PROCEDURE_CACHE
    share: float = 1.0  # of the plans that were there
    what: str = ""  # which plan, or whose
    runs: tuple[Run, ...] = ()  # of a cache: the keys that went
    calls: int = 1


class Flushes:
    """In the order of their times."""

    def __init__(self, flushes: Iterable[Flush] = ()) -> None:
        self.all: Sequence[Flush] = sorted(flushes, key=lambda flush: (flush.at, flush.id))
        self.ids = frozenset(flush.id for flush in self.all)
        self._of: dict[ResourceId, list[Flush]] = {}
        for flush in self.all:
            self._of.setdefault(flush.about, []).append(flush)

    def of(self, about: ResourceId) -> Sequence[Flush]:
        return self._of.get(about, ())

    def joined(self, more: Iterable[Flush]) -> Flushes:
        """With those that are not there yet; the same where there are none."""
        new = {flush.id: flush for flush in more if flush.id not in self.ids}
        return Flushes((*self.all, *new.values())) if new else self


def emptied(flushes: Iterable[Flush], t: float) -> float:
    """The share of a SQL Server's plans that is missing."""
    there = 1.0
    for flush in flushes:
        if 0 <= t - flush.at < OVER * PLANS_BACK_S:
            there *= 1 - flush.share * math.exp((flush.at - t) / PLANS_BACK_S)
    return 1 - there


@dataclass(frozen=True, slots=True)
class Gap:
    """Of a cache: keys that went at one time and come back ``fills_s`` by ``fills_s``, a few of all of them first."""

    at: float
    runs: tuple[Run, ...]
    fills_s: float

    def is_open(self, t: float) -> bool:
        return 0 <= t - self.at < OVER * self.fills_s

    def left(self, t: float) -> float:
        """The share of its keys that is still missing."""
        return math.exp((self.at - t) / self.fills_s)

    def waits_s(self, chance: float) -> float:
        """How long one of its keys is missing, by a number from 0 to below 1 that is its own."""
        return -self.fills_s * math.log(1.0 - chance)


def missing(gaps: Iterable[Gap], within: Run, t: float) -> float:
    """The share of those numbers whose key is gone: what several flushes took is gone once."""
    first, end = within
    edges: list[tuple[int, float]] = []
    for gap in gaps:
        if gap.is_open(t):
            there = math.log1p(-min(gap.left(t), 1 - 1e-12))
            for a, b in gap.runs:
                if max(a, first) < min(b, end):
                    edges += [(max(a, first), there), (min(b, end), -there)]
    edges.sort()
    gone, held, at = 0.0, 0.0, first
    for edge, change in edges:
        gone += (edge - at) * -math.expm1(min(0.0, held))
        held, at = held + change, edge
    return min(1.0, max(0.0, gone / (end - first))) if end > first else 0.0


def entry(flush: Flush) -> dict[str, Any]:
    """As JSON has it: in the journal, and between the processes of a play."""
    return asdict(flush)


def flush_of(said: Mapping[str, Any]) -> Flush:
    """Raises `ValueError`, `KeyError` or `TypeError` for what is none."""
    runs = tuple((int(first), int(end)) for first, end in said["runs"])
    if len(runs) > MOST_RUNS or any(not 0 <= first < end < 1 << 40 for first, end in runs):
        raise ValueError("these are no runs of keys")
    at, share, calls = float(said["at"]), float(said["share"]), int(said["calls"])
    if not (math.isfinite(at) and 0 <= share <= 1 and 0 <= calls < 1 << 40):
        raise ValueError("a flush has a time, a share from 0 to 1, and a number of calls")
    about = ResourceId(sanitise(str(said["about"]), 200))
    name, what = str(said["id"])[:64], str(said["what"])[:400]
    return Flush(name, at, about, str(said["operation"])[:64], share, what, runs, calls)
