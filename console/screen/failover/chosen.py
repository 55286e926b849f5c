"""Which failovers are there to be looked at, and what is each called? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.failover.stopwatch import goes_on

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover


def in_order(runs: Mapping[str, Failover]) -> list[Failover]:
    """What goes on first, then what has ended; the newest before the older."""
    return sorted(runs.values(), key=lambda run: (not goes_on(run), -run.began, run.id))


def under_way(runs: Mapping[str, Failover]) -> list[Failover]:
    """Those that go on; what takes too long first, then what is down, then the rest. What is only planned is none."""
    found = [run for run in in_order(runs) if goes_on(run) and has_begun(run)]
    return sorted(found, key=lambda run: (not run.overdue, run.down is None or run.up is not None))


def has_begun(run: Failover) -> bool:
    return run.phase != "preflight"


def concerns(run: Failover, resource: str) -> bool:
    return resource == run.resource or resource in run.about


def of_resource(runs: Mapping[str, Failover], resource: str) -> list[Failover]:
    return [run for run in in_order(runs) if concerns(run, resource)]


def shown(runs: Mapping[str, Failover], resource: str, wanted: str | None) -> Failover | None:
    """The one that was asked for, while it is about this resource; else the one under way, or the last."""
    found = of_resource(runs, resource)
    return next((run for run in found if run.id == wanted), found[0] if found else None)


def noun(run: Failover) -> str:
    return "promotion" if run.kind == "promotion" else "failover"


def title(run: Failover) -> Safe:
    """`Failover of orders-primary`, as a sentence begins."""
    return sanitise(f"{noun(run).capitalize()} of {run.resource}")


def whose(run: Failover) -> str:
    """Who began it."""
    if run.planned:
        return f"planned, by {run.by.rsplit('/', 1)[-1]}" if run.by else "planned"
    return f"unplanned: {run.by}" if run.by else "unplanned: nobody here asked for it"
