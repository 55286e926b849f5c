"""What does a database wait for? All types of one interval, with what still waits at its end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from collectors.readings import Inside
from collectors.safe import NO_TEXT, Safe


class Mark(StrEnum):
    """Why counting began anew; there are no rates across it."""

    NONE = ""
    FIRST = "first sample"
    CLEARED = "counters cleared"
    RESTARTED = "server restarted"
    FAILED_OVER = "another node answers"


@dataclass(frozen=True, slots=True)
class Wait:
    """Waiting of one type during the interval: what ended in it, and what went on."""

    type: Safe
    category: Safe
    ms_per_s: float  # of completed waits and of those in progress together; each millisecond counts once
    tasks_per_s: float  # waits that ended
    signal_percent: float  # of the completed time: ready to run, and no processor free
    average_ms: float | None = None  # of those that ended; None: none did
    waiting: int = 0  # tasks that wait for it at the end of the interval
    longest_ms: float = 0.0  # how long the first of them has waited
    benign: bool = False  # an idle thread's way of being idle
    critical: bool = False  # any of it is bad news


@dataclass(frozen=True, slots=True)
class Waits(Inside):
    """All types that were waited for in the interval; a type that is absent was not."""

    part: ClassVar[Safe] = Safe("waits")

    rows: tuple[Wait, ...]
    interval_s: float | None = None  # by the server's own clock; None: nothing to compare with yet
    cores: int = 0  # schedulers that take work; 0: not known
    node: Safe = NO_TEXT
    mark: Mark = Mark.NONE
    meaning: Safe = NO_TEXT  # of the type that is waited for most

    @property
    def counted(self) -> tuple[Wait, ...]:
        """Without what only says that a thread is idle; the longest first."""
        return tuple(sorted((row for row in self.rows if not row.benign), key=lambda row: -row.ms_per_s))

    @property
    def ms_per_s(self) -> float:
        """All of it. A thousand is one task that waits all the time."""
        return sum(row.ms_per_s for row in self.rows if not row.benign)

    @property
    def per_core(self) -> float | None:
        """Milliseconds a second for each core; None: it is not known how many there are."""
        return self.ms_per_s / self.cores if self.cores else None

    @property
    def signal_percent(self) -> float | None:
        """Of the time of the waits that ended; None: none did."""
        ended = [(row.signal_percent, (row.average_ms or 0.0) * row.tasks_per_s) for row in self.rows if not row.benign]
        total = sum(ms for _, ms in ended)
        return sum(percent * ms for percent, ms in ended) / total if total else None

    def by_category(self) -> dict[Safe, float]:
        """Milliseconds a second, from the most waited for."""
        found: dict[Safe, float] = {}
        for row in self.counted:
            found[row.category] = found.get(row.category, 0.0) + row.ms_per_s
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))
