"""One thing that is looked at before an action, and how it stands: the unit that refusals are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from collectors.safe import NO_TEXT, Safe, sanitise

STALE_AFTER = timedelta(seconds=30)  # what was seen longer ago is looked at again, never reused


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    BLOCK = "block"
    UNKNOWN = "unknown"


class Override(StrEnum):
    """What lets a check pass that does not."""

    NEVER = "never"
    REASON = "reason"
    COUNT = "count"  # a reason in which the number stands that the check counted
    CONFIRM = "confirm"  # what it lists is read and confirmed
    BREAK_GLASS = "break-glass"
    CODE = "code"  # of the second factor, which AWS takes; then it passes by itself


@dataclass(frozen=True, slots=True)
class Check:
    """``what``, ``seen`` and ``mend`` are the three lines of a refusal: what, what was seen, what would unblock."""

    name: str
    verdict: Verdict
    looked: datetime
    what: Safe
    seen: Safe = NO_TEXT
    mend: Safe = NO_TEXT
    override: Override = Override.NEVER
    count: int = 0  # what it counted, where that must stand in the reason

    def lines(self) -> tuple[Safe, Safe, Safe]:
        return self.what, self.seen, self.mend


def aged(check: Check, now: datetime) -> Verdict:
    """As it counts now: what was seen too long ago is not known."""
    return check.verdict if now - check.looked <= STALE_AFTER else Verdict.UNKNOWN


def passed(name: str, looked: datetime, what: str, seen: str = "") -> Check:
    return Check(name, Verdict.PASS, looked, sanitise(what), sanitise(seen))


def found(
    name: str, verdict: Verdict, looked: datetime, told: tuple[str, str, str], override: Override = Override.NEVER
) -> Check:
    """``told``: the three lines."""
    what, seen, mend = map(sanitise, told)
    return Check(name, verdict, looked, what, seen, mend, override)
