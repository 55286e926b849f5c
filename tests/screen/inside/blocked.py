"""What the screens about sessions are shown: the demo's own, while one of them holds up the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from collectors.inside.sessions import Sessions
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.activity import Activity
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.script import Entry, Script
from console.demo.sqlserver.server import ModelServers
from tests.rig.played import MOMENT, PLAYED

ORDERS = ResourceId(Safe("orders-primary"))
LATER = MOMENT + PLAYED + timedelta(seconds=4)


async def told(*entries: Entry, at: datetime = LATER, about: ResourceId = ORDERS, start: datetime = MOMENT) -> Sessions:
    """What the collector tells at that time."""
    servers = ModelServers(Model(1, start.timestamp(), MACHINES, Script(entries)), lambda: at)
    (found,) = [reading async for reading in Activity(servers, lambda: at).collect(about)]
    assert isinstance(found, Sessions)
    return found


def held_since(seconds: float) -> Entry:
    """One session holds what many want, for that long."""
    return Entry(LATER.astimezone(UTC).timestamp() - seconds, ORDERS, cause="blocking")
