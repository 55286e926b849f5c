"""From the command line to the failover that is meant: there may be none, one or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.choose import Item, choose
from console.screen.failover import chosen
from console.screen.failover.phase_words import word
from console.screen.failover.stopwatch import goes_on, minutes, moment, outage_s
from console.screen.trail import Place
from console.times import date_and_time

if TYPE_CHECKING:
    from console.protocol.failover import Failover
    from console.screen.app import ConsoleApp

NONE = Safe("No failover is known to this engine: F plans one.")


def open_failover(app: ConsoleApp, name: str = "") -> None:
    """Of the resource that is named; else of the one under the cursor, else of any that has one.

    Where none is known at all its screen says so, and what the keys there do.
    """
    runs = app.picture.failovers
    resource = sanitise(name) if name else app.view.chosen
    found = chosen.of_resource(runs, resource) if resource is not None else []
    going = [run for run in found if goes_on(run)]
    if resource is not None and (name or not runs or len(found) == 1 or len(going) == 1):
        go_to(app, going[0] if going else found[0] if found else None, resource)
    else:
        ask_which(app, found or chosen.in_order(runs))


def ask_which(app: ConsoleApp, runs: Sequence[Failover]) -> None:
    """The only one is opened at once."""
    if not runs:
        app.say(NONE)
        return
    if len(runs) == 1:
        go_to(app, runs[0], runs[0].resource)
        return
    by_id = {str(run.id): run for run in runs}
    items = [Item(str(run.id), chosen.title(run), _note(app, run)) for run in runs]
    choose(app, Safe("Which one?"), items, lambda key: go_to(app, by_id[key], by_id[key].resource))


def go_to(app: ConsoleApp, run: Failover | None, resource: Safe) -> None:
    """Its screen; about the resource that was meant while that is one of those it concerns."""
    app.look_at(failover=run.id if run is not None else None)
    app.go(Place("failover", resource))


def _note(app: ConsoleApp, run: Failover) -> Safe:
    seconds = outage_s(run, moment(app.picture).ms)
    down = f", down {minutes(seconds)}" if seconds is not None else ""
    state = word(run) if goes_on(run) else "ended"
    return sanitise(f"{date_and_time(run.began, app.view.zone)}  {state}{down}{', OVERDUE' if run.overdue else ''}")
