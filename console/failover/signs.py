"""What does an event of RDS or ElastiCache mean for a failover? By a table of what they write."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Meaning(StrEnum):
    STARTED = "started"
    RESTARTED = "restarted"
    PROMOTED = "promoted"  # another has the role
    DETACHED = "detached"  # a replica follows nobody any more: it was promoted, or its source is gone
    RECOVERING = "recovering"
    REPOINTED = "repointed"  # its name leads elsewhere
    DEGRADED = "degraded"  # there is no standby for a while
    RECOVERED = "recovered"  # all nodes are there again
    COMPLETED = "completed"
    REFUSED = "refused"  # AWS accepted it and did not attempt it
    FAILED = "failed"  # it was attempted, and the old one has its role again


@dataclass(frozen=True, slots=True)
class Sign:
    """One row. ``code``: AWS's number of it, where it has one."""

    service: str
    code: str
    meaning: Meaning
    pattern: re.Pattern[str]


@cache
def signs() -> tuple[Sign, ...]:
    text = (files("console.failover") / "signs.csv").read_text(encoding="utf-8")
    return tuple(
        Sign(row["service"], row["code"], Meaning(row["meaning"]), re.compile(row["pattern"], re.IGNORECASE))
        for row in csv.DictReader(text.splitlines())
    )


def meaning(text: str) -> Meaning | None:
    """None for what is no sign of a failover."""
    return next((sign.meaning for sign in signs() if sign.pattern.search(text)), None)
