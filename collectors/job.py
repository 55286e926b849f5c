"""Which pass is running? Set by the schedule around each one, and carried into the threads that work for it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple


class Job(NamedTuple):
    """One collector and one target, by name."""

    collector: str
    target: str


running: ContextVar[Job | None] = ContextVar("running", default=None)
