"""What is ordered of the gate, what it says while it does it, and how it is told that it did not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors.errors import Trouble
from collectors.safe import NO_TEXT, Safe
from console.actions.check import Check, Verdict, found
from console.actions.craft import Sight
from console.actions.life import State
from console.actions.plan import Plan
from console.actions.preflight import Given


class Refused(Trouble):
    """Nothing was sent. The three lines are what, what was seen, and what would unblock it."""

    def __init__(self, check: Check) -> None:
        super().__init__(check.what, seen=check.seen, mend=check.mend)
        self.check = check


@dataclass(frozen=True, slots=True)
class Order:
    """What a person confirmed: a plan by its hash, and what was said to get past its checks."""

    plan: Plan
    confirmed: str
    given: Given


@dataclass(frozen=True, slots=True)
class Turn:
    """How the order gets on, as it happens."""

    state: State
    said: Safe = NO_TEXT
    seen: Safe = NO_TEXT
    mend: Safe = NO_TEXT
    counts_down_s: float | None = None  # of real time
    keys: Safe = NO_TEXT
    lock: Safe = NO_TEXT  # whom it keeps apart, where that is not everybody
    request_id: Safe = NO_TEXT
    percent: float | None = None  # of what takes long and is done by this console


Says = Callable[[Turn], None]


def changed(seen: str, mend: str, now: datetime) -> Refused:
    what = "The estate changed since you confirmed. Nothing was sent."
    return Refused(found("unchanged", Verdict.BLOCK, now, (what, seen, mend)))


def difference(plan: Plan, sight: Sight) -> str:
    before, after = dict(plan.expected), dict(sight.fingerprint)
    names = sorted(name for name in before | after if before.get(name) != after.get(name))
    return "; ".join(f"{name} was {before.get(name, 'not told')}, is {after.get(name, 'not told')}" for name in names)


def confirmed(order: Order) -> dict[str, Any]:
    given = order.given
    told = {"overrides": sorted(given.overrides), "reason": given.reason, "glass": given.has_broken_glass}
    return {"plan": order.plan.told(), "given": told}
