"""Servers whose waits are known to the millisecond, and what such a server would tell of them at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hypothesis import strategies as st

from collectors.sqlserver.waits.sample import Counted, Sample, Waiting

STARTED = datetime(2026, 3, 1, 2, 0)
TYPES = ("LCK_M_X", "WRITELOG", "NEVER_HEARD_OF")
LONGEST_MS = 1_800_000
END_MS = 3_600_000


@dataclass(frozen=True)
class Waited:
    """One task's wait."""

    type: str
    begin: int
    end: int

    def within(self, begin: int, end: int) -> int:
        return max(0, min(self.end, end) - max(self.begin, begin))


waits = st.builds(
    lambda name, begin, length: Waited(name, begin, begin + length),
    st.sampled_from(TYPES),
    st.integers(0, END_MS),
    st.one_of(st.integers(1, 50), st.integers(1, LONGEST_MS)),
)
histories = st.lists(waits, max_size=30)
moments = st.lists(st.integers(1, END_MS), min_size=1, max_size=12, unique=True).map(sorted)


def told(
    history: Iterable[Waited],
    t: int,
    *,
    late_ms: int = 0,
    node: str = "A",
    started: datetime = STARTED,
    cleared_at: int = -1,
    cores: int = 4,
) -> Sample:
    """At ``t``; the tasks that wait are read so much later than the counters."""
    history = list(history)
    ended = [wait for wait in history if cleared_at < wait.end <= t]
    seen = t + late_ms
    going_on = [wait for wait in history if wait.begin < seen < wait.end]
    return Sample(node, started, t, cores, _counted(ended), _waiting(going_on, seen))


def _counted(ended: Sequence[Waited]) -> Mapping[str, Counted]:
    tasks = Counter(wait.type for wait in ended)
    return {
        name: Counted(n, sum(wait.end - wait.begin for wait in ended if wait.type == name), 0)
        for name, n in tasks.items()
    }


def _waiting(going_on: Sequence[Waited], seen: int) -> Mapping[str, Waiting]:
    found = {}
    for name in {wait.type for wait in going_on}:
        each = [seen - wait.begin for wait in going_on if wait.type == name]
        found[name] = Waiting(len(each), sum(each), max(each))
    return found


def waited(history: Iterable[Waited], name: str, begin: int, end: int) -> int:
    """What was really waited between two times."""
    return sum(wait.within(begin, end) for wait in history if wait.type == name)
