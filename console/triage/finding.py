"""What is a finding? A cause, what was seen of it, and the next step, in the order a person would say them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files

from collectors.readings import Severity
from collectors.safe import NO_TEXT, Safe, sanitise


class Confidence(StrEnum):
    HIGH = "high"  # all that the rule looks at was seen, and fits
    MEDIUM = "medium"  # the main thing was seen; something beside it was not


@dataclass(frozen=True, slots=True)
class Finding:
    """``id`` is one of `findings.csv`, and may stand for several causes: ``about`` tells them apart."""

    id: Safe
    severity: Severity
    cause: Safe
    evidence: tuple[Safe, ...]
    next: Safe
    confidence: Confidence = Confidence.HIGH
    about: Safe = NO_TEXT  # a part of the resource, such as a database or a replica

    @property
    def key(self) -> tuple[str, str]:
        """By which it is the same one as before, however its numbers have moved."""
        return self.id, self.about


@dataclass(frozen=True, slots=True)
class Sight:
    """One finding of one resource. ``since`` is when it was first seen, ``cleared`` when it was seen no more."""

    finding: Finding
    since: datetime
    needs: int = 1  # looks in a row, to stand and to clear
    seen: int = 1
    missed: int = 0
    stands: bool = False
    cleared: datetime | None = None
    held_until: datetime | None = None  # it was seen before a restart: until then not to be seen proves nothing

    @property
    def is_open(self) -> bool:
        return self.stands and self.cleared is None

    @property
    def told(self) -> tuple[Finding, datetime, datetime | None]:
        """What others hear of it: that it was looked at again is no news."""
        return self.finding, self.since, self.cleared


@dataclass(frozen=True, slots=True)
class Kind:
    """What `findings.csv` says of an id."""

    severity: Severity
    meaning: Safe


@cache
def kinds() -> Mapping[str, Kind]:
    text = (files("console.triage") / "findings.csv").read_text(encoding="utf-8")
    return {
        row["id"]: Kind(Severity(row["severity"]), sanitise(row["meaning"]))
        for row in csv.DictReader(text.splitlines())
    }
