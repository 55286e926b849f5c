"""Which change of a description is worth an event? Pure."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.readings import Described, Gone, Happened, Severity
from collectors.safe import Safe, sanitise
from console.estate.levels import of_status

SOURCE = Safe("dbconsole")
"""Whose word it is: the console's own, by what it compared."""


def changed(before: Described, after: Described) -> Iterator[Happened]:
    """What is said to be otherwise. What was not told before, or is not now, is no change."""
    if after.observed < before.observed:
        return
    for what, was, now, severity in (
        ("role", before.role, after.role, Severity.WARNING),
        ("zone", before.az, after.az, Severity.WARNING),
        ("status", before.status, after.status, of_status(after.status)),
    ):
        if was and now and was != now:
            text = sanitise(f"{what} was {was}, is now {now}")
            yield Happened(after.about, after.observed, text, severity, SOURCE)


def appeared(found: Described) -> Happened:
    return Happened(found.about, found.observed, sanitise(f"new in the list of {found.region}"), Severity.INFO, SOURCE)


def vanished(gone: Gone) -> Happened:
    return Happened(gone.about, gone.observed, sanitise("no longer listed by AWS"), Severity.WARNING, SOURCE)
