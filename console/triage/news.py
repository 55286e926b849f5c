"""How is it told that something was found, or is found no more?"""

from __future__ import annotations

from datetime import datetime

from collectors.readings import Happened, ResourceId, Severity
from collectors.safe import Safe, sanitise
from console.triage.finding import Sight

SOURCE = Safe("triage")


def told(about: ResourceId, sight: Sight, now: datetime) -> Happened:
    found = sight.finding
    if sight.is_open:
        return Happened(about, now, found.cause, found.severity, SOURCE)
    return Happened(about, now, sanitise(f"no longer so: {found.cause}"), Severity.INFO, SOURCE)
