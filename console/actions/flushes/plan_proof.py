"""Were the plans thrown out? Decided by what the server has now, whatever became of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from collectors.safe import Safe, sanitise
from console.actions.craft import Progress, Way
from console.actions.flushes.plan_questions import HandleRow, Here, PlansRow, StoresRow

A_FEW = 20  # for one that stays so many went: what runs just then may be kept
SAME = ("server", "machine", "node", "started")


def elsewhere(told: Here, expected: Mapping[str, str]) -> Progress | None:
    """Where another answers than was meant, or it has started anew: its plans are others. None: it is the same."""
    now = told.facts()
    if all(now[name] == expected.get(name) for name in SAME):
        return None
    if now["started"] > expected.get("started", ""):
        said = f"over: {now['node']} started at {now['started'][:19]}Z, with none of the plans of before"
        return Progress(Way.DONE, sanitise(said), proof=(sanitise(f"{expected.get('node')} answered before"),))
    said = f"{now['node']} answers now, and it was sent to {expected.get('node')}: its plans prove nothing"
    return Progress(Way.UNDER_WAY, sanitise(said))


def of_handle(rows: Sequence[HandleRow], expected: Mapping[str, str]) -> Progress:
    """What is compiled again may lie under the same handle."""
    if not rows:
        return Progress(Way.DONE, Safe("thrown out: the server has no such plan any more"))
    oldest = min(row.created for row in rows)
    if oldest > expected.get("created", ""):
        made = (sanitise(f"the oldest was of {expected.get('created')}"),)
        return Progress(Way.DONE, sanitise(f"thrown out, and was compiled anew at {oldest[:19]}"), proof=made)
    return Progress(Way.ABSENT, sanitise(f"the plan of {oldest[:19]} is still there"))


def of_plans(left: PlansRow, stores: StoresRow, before: Mapping[str, str]) -> Progress:
    """``left``: plans that are older than the statement. ``before``: how many there were, where that was counted."""
    plans = _number(before.get("plans"))
    is_gone = left.plans == 0 if plans is None else left.plans * A_FEW <= plans
    if not is_gone:
        of = "" if plans is None else f" of {plans:,}"
        return Progress(Way.ABSENT, sanitise(f"{left.plans:,}{of} plans that are older are still there"))
    were = "plans were not counted before" if plans is None else f"{plans:,} plans before"
    remain = "none" if not left.plans else f"{left.plans:,}"
    held, entries = f"the caches of plans hold {stores.entries:,} entries", _number(before.get("entries"))
    proof = held if entries is None else f"{held}, and held {entries:,}"
    return Progress(Way.DONE, sanitise(f"done: {were}, {remain} of them left"), proof=(sanitise(proof),))


def _number(told: str | None) -> int | None:
    return int(told) if told is not None and told.isdecimal() else None
