"""Why may something not be done? Three lines: what, what was seen, what would unblock it."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.safe import NO_TEXT, Safe, sanitise


@dataclass(frozen=True, slots=True)
class Refusal:
    what: Safe
    seen: Safe = NO_TEXT
    mend: Safe = NO_TEXT


def refusal(what: str, seen: str = "", mend: str = "") -> Refusal:
    return Refusal(sanitise(what), sanitise(seen), sanitise(mend))
