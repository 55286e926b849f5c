"""The stopwatch in a few cells of every screen's head, and where the rest of it is. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.failover.chosen import concerns, noun, under_way
from console.screen.failover.figure import figure
from console.screen.failover.stopwatch import Moment, moment, stopwatch
from console.screen.picture import Picture
from widgets.draw import Run
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover


def strip(picture: Picture) -> list[Run]:
    """For the head: of several the one that is worst, and how many more there are."""
    going = under_way(picture.failovers)
    if not going:
        return []
    run, at = going[0], moment(picture)
    more = f" +{len(going) - 1}" if going[1:] else ""
    tone = Tone.DIM if not at.is_live else _tone(run, at)
    return [(sanitise(f" {noun(run).upper()} {run.resource} {figure(run, at)}{more}"), tone)]


def hint(picture: Picture) -> Safe | None:
    """For the footer: how to the whole of it."""
    going = under_way(picture.failovers)
    if not going:
        return None
    names = ", ".join(f"the {noun(run)} of {run.resource}" for run in going[:2])
    more = f" and {len(going) - 2} more" if going[2:] else ""
    return sanitise(f":fo shows {names}{more}")


def of_row(picture: Picture, resource: str) -> Run | None:
    """For a row of the overview, and for the board: what goes on with this resource."""
    run = next((each for each in under_way(picture.failovers) if concerns(each, resource)), None)
    if run is None:
        return None
    at = moment(picture)
    about = "" if run.resource == resource else f" of {run.resource}"
    return sanitise(f"{noun(run)}{about}: {figure(run, at)}"), Tone.DIM if not at.is_live else _tone(run, at)


def told_apart(picture: Picture) -> frozenset[str]:
    """Operations of which a stopwatch tells. One that still counts down has none."""
    return frozenset(str(run.id) for run in under_way(picture.failovers) if run.id in picture.ops)


def _tone(run: Failover, at: Moment) -> Tone:
    tone = stopwatch(run, at).tone
    return Tone.BAD if run.overdue else Tone.WARN if tone in (Tone.PLAIN, Tone.GOOD) else tone
