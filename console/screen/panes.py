"""Which screens are there? A name, the digit that jumps to it, and how it is made for a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.acting.audit import AuditPane
from console.screen.acting.operations import OperationsPane
from console.screen.board import BoardPane
from console.screen.collectors import CollectorsPane
from console.screen.cost import CostPane
from console.screen.events import EventsPane
from console.screen.failover.pane import FailoverPane
from console.screen.inside.activity import ActivityPane
from console.screen.inside.backups import BackupsPane
from console.screen.inside.blocking import BlockingPane
from console.screen.inside.cache import CachePane
from console.screen.inside.files import FilesPane
from console.screen.inside.memory import MemoryPane
from console.screen.inside.queries import QueriesPane
from console.screen.inside.replication import ReplicationPane
from console.screen.inside.waits import WaitsPane
from console.screen.pane import Pane
from console.screen.resource import ResourcePane
from console.screen.together.pane import IncidentPane
from console.screen.trail import Place

HOME = Place("overview")  # always at the bottom of the stack


@dataclass(frozen=True, slots=True)
class Entry:
    digit: str  # empty: there are nine, and this one is gone to by name or from beside it
    title: Safe
    make: Callable[[Place], Pane]
    of_resource: bool = False  # it is about one resource: the chosen one, where the place names none


def _of_resource(digit: str, title: str, pane: Callable[[Safe], Pane]) -> Entry:
    return Entry(digit, sanitise(title), lambda place: pane(place.resource or NO_TEXT), of_resource=True)


PANES: Mapping[str, Entry] = {
    "board": _of_resource("2", "Board", BoardPane),
    "resource": _of_resource("3", "Resource", ResourcePane),
    "events": Entry("4", Safe("Events"), lambda _: EventsPane()),
    "collectors": Entry("5", Safe("Collectors"), lambda _: CollectorsPane()),
    "cost": Entry("6", Safe("Cost"), lambda _: CostPane()),
    "waits": _of_resource("7", "Waits", WaitsPane),
    "activity": _of_resource("8", "Activity", ActivityPane),
    "blocking": _of_resource("", "Blocking", BlockingPane),
    "queries": _of_resource("9", "Queries", QueriesPane),
    "files": _of_resource("", "Files", FilesPane),
    "memory": _of_resource("", "Memory", MemoryPane),
    "cache": _of_resource("", "Cache", CachePane),
    "replication": _of_resource("", "Replication", ReplicationPane),
    "backups": _of_resource("", "Backups", BackupsPane),
    "failover": _of_resource("", "Failover", FailoverPane),
    "operations": Entry("", Safe("Operations"), lambda _: OperationsPane()),
    "audit": Entry("", Safe("Audit"), lambda _: AuditPane()),
    "incident": Entry("", Safe("Incident"), lambda _: IncidentPane()),
}
"""Beside the overview, which is `1`."""
