"""What does the schedule know of one collector and one target?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from collectors.job import Job
from collectors.schedule.health import Health
from collectors.schedule.passes import Passes


@dataclass(slots=True, kw_only=True)
class Run:
    """One collector and one target."""

    job: Job
    passes: Passes
    health: Health  # `every` is its pace at present
    usual: timedelta  # its pace while it matters
    rarely: timedelta | None  # and while it does not; None: the same
    due: datetime
    late_by: timedelta
    first: asyncio.Event = field(default_factory=asyncio.Event)
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None
    sleeping: asyncio.Future[None] | None = None
    in_a_hurry: bool = False
    has_grid: bool = False

    def look(self) -> None:
        """Something has changed that it sleeps for."""
        if self.sleeping is not None:
            self.sleeping.cancel()

    def is_due_at(self, due: datetime) -> None:
        self.due = due
        self.health = replace(self.health, due=due)
