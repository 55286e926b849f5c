"""What is a database's memory used for, who waits for some, and are there processors and workers enough?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from collectors.readings import Inside
from collectors.safe import Safe


class PageLife(StrEnum):
    """What is to be thought of how long a page stays in memory."""

    FINE = ""
    FELL = "fell by half within minutes"
    SHORT = "short for so much memory"


@dataclass(frozen=True, slots=True)
class Clerk:
    """One use of memory."""

    name: Safe
    kb: int


@dataclass(frozen=True, slots=True)
class Grant:
    """Memory that one session's query has, or waits for."""

    session: int
    requested_kb: int
    granted_kb: int | None  # None: it still waits
    used_kb: int
    ideal_kb: int
    waited_ms: float
    degree: int


@dataclass(frozen=True, slots=True)
class Pool:
    """What queries may be granted from."""

    target_kb: int
    available_kb: int
    granted_kb: int
    waiting: int
    timeouts: int  # since the server started


@dataclass(frozen=True, slots=True)
class Processors:
    """Those that take work."""

    cores: int
    runnable: int  # tasks that could run and have no processor
    busiest: int  # the most of them on one
    workers: int
    most_workers: int
    queued: int  # requests that no worker has taken
    pending_io: int


@dataclass(frozen=True, slots=True)
class Memory(Inside):
    part: ClassVar[Safe] = Safe("memory")

    used_kb: int
    target_kb: int
    is_low: bool  # the system asks for some back
    page_life_s: float | None
    clerks: tuple[Clerk, ...]
    grants: tuple[Grant, ...]
    pools: tuple[Pool, ...]
    processors: Processors | None
    page_life: PageLife = PageLife.FINE
