"""May it be sent, as far as the checks go? Each as it stands with what was overridden, by whom, and how."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from collectors.safe import Safe, sanitise
from console.access.role import Role
from console.actions.check import Check, Override, Verdict, aged
from console.actions.craft import Sight

LEAST_REASON = 10  # characters: enough that another can read it afterwards
LEAST_OFF, MOST_OFF = 100, 0.1  # of a number that changes while it is typed
_NUMBER = re.compile(r"[0-9]{1,15}")


class Standing(StrEnum):
    PASSES = "passes"
    OVERRIDDEN = "overridden"
    STOPS = "stops"


@dataclass(frozen=True, slots=True)
class Looked:
    """A target and all around it, looked at once. ``role``: of whoever asks, as it is by then."""

    sight: Sight
    checks: tuple[Check, ...]
    role: Role


@dataclass(frozen=True, slots=True)
class Given:
    """What a person has said to get past checks, and who that person is here."""

    role: Role
    overrides: frozenset[str] = frozenset()
    reason: str = ""
    has_broken_glass: bool = False


def lowered(given: Given, role: Role) -> Given:
    """Whoever was more when it was confirmed is so no longer."""
    return replace(given, role=min(given.role, role))


def standing(check: Check, given: Given, now: datetime) -> Standing:
    """UNKNOWN counts as BLOCK where nothing overrides a check, as WARN otherwise; so does what is too old."""
    verdict = aged(check, now)
    stops = verdict is Verdict.BLOCK or (verdict is Verdict.UNKNOWN and check.override is Override.NEVER)
    if not stops:
        return Standing.PASSES
    return Standing.OVERRIDDEN if _is_overridden(check, given) else Standing.STOPS


def _is_overridden(check: Check, given: Given) -> bool:
    if check.name not in given.overrides or given.role < Role.OPERATOR:
        return False
    match check.override:
        case Override.NEVER | Override.CODE:
            return False
        case Override.REASON:
            return len(given.reason.strip()) >= LEAST_REASON
        case Override.COUNT:
            return len(given.reason.strip()) >= LEAST_REASON and _is_counted(given.reason, check.count)
        case Override.CONFIRM:
            return True
        case Override.BREAK_GLASS:
            return given.has_broken_glass and given.role is Role.ADMIN


def _is_counted(reason: str, count: int) -> bool:
    """Whether somebody has written how many there are. It is still counted anew while they write."""
    said = (int(word) for word in _NUMBER.findall(re.sub(r"(?<=[0-9])[,_' .](?=[0-9]{3})", "", reason)))
    return any(abs(each - count) <= max(LEAST_OFF, count * MOST_OFF) for each in said)


def stopping(checks: Iterable[Check], given: Given, now: datetime) -> tuple[Check, ...]:
    """Those that stop it: what nothing gets past first, each as it reads now."""
    stops = (_as_read(check, now) for check in checks if standing(check, given, now) is Standing.STOPS)
    return tuple(sorted(stops, key=lambda check: check.override is not Override.NEVER))


def _as_read(check: Check, now: datetime) -> Check:
    if aged(check, now) is check.verdict:
        return check
    seen = sanitise(f"It was looked at {(now - check.looked).total_seconds():.0f} s ago.")
    return replace(check, verdict=Verdict.UNKNOWN, seen=seen, mend=Safe("Ask for it anew: it is looked at again."))
