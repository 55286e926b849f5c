"""Which node counts, since when, and what time is it there? The first row of whatever is counted."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from collectors.database.rows import Rows
from collectors.errors import CannotCollect


class Counting(BaseModel):
    """Of the same batch as the counters, so that they belong together."""

    node: str
    started: datetime
    ms_ticks: int

    @property
    def epoch(self) -> tuple[str, datetime]:
        """Where it differs, somebody else counts: there is nothing to subtract."""
        return self.node, self.started


def counting(sets: tuple[Rows, ...]) -> Counting:
    """Of the first set; raises `CannotCollect` where it is empty."""
    rows = sets[0].as_(Counting) if sets else ()
    if not rows:
        raise CannotCollect("The server did not say which node it is.", mend="Look whether it is starting.")
    return rows[0]
