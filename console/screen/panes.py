"""Which screens are there? A name, the digit that jumps to it, and how it is made for a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collectors.safe import Safe
from console.screen.board import BoardPane
from console.screen.collectors import CollectorsPane
from console.screen.cost import CostPane
from console.screen.events import EventsPane
from console.screen.inside.activity import ActivityPane
from console.screen.inside.blocking import BlockingPane
from console.screen.inside.queries import QueriesPane
from console.screen.pane import Pane
from console.screen.resource import ResourcePane
from console.screen.trail import Place

HOME = Place("overview")  # always at the bottom of the stack


@dataclass(frozen=True, slots=True)
class Entry:
    digit: str  # empty: there are nine, and this one is gone to by name or from beside it
    title: Safe
    make: Callable[[Place], Pane]
    of_resource: bool = False  # it is about one resource: the chosen one, where the place names none


PANES: Mapping[str, Entry] = {
    "board": Entry("2", Safe("Board"), lambda place: BoardPane(place.resource or Safe("")), of_resource=True),
    "resource": Entry("3", Safe("Resource"), lambda place: ResourcePane(place.resource or Safe("")), of_resource=True),
    "activity": Entry("", Safe("Activity"), lambda place: ActivityPane(place.resource or Safe("")), of_resource=True),
    "blocking": Entry("", Safe("Blocking"), lambda place: BlockingPane(place.resource or Safe("")), of_resource=True),
    "queries": Entry("9", Safe("Queries"), lambda place: QueriesPane(place.resource or Safe("")), of_resource=True),
    "events": Entry("4", Safe("Events"), lambda _: EventsPane()),
    "collectors": Entry("5", Safe("Collectors"), lambda _: CollectorsPane()),
    "cost": Entry("6", Safe("Cost"), lambda _: CostPane()),
}
"""Beside the overview, which is `1`."""
