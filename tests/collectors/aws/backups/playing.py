"""The collector over real boto3, against the emulator as the demo starts it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from collectors.aws.backups.collector import AwsBackups
from collectors.aws.inventory.collector import Inventory
from collectors.aws.known import Known
from collectors.aws.meter import Meter
from collectors.aws.place import Account, Place
from collectors.aws.prices import Prices
from collectors.aws.selection import Selection
from collectors.aws.sessions import Sessions
from collectors.inside.backups import Backups
from collectors.readings import BackupStatus
from collectors.threads import Threads
from console.demo.told import telling
from tests.collectors.aws.asked import one_pass
from tests.demo.emulator.emulating import Emulating, emulating

KEYS = ("AKIADEMO", "demo")


@dataclass
class Played:
    world: Emulating
    place: Place
    inventory: Inventory
    backups: AwsBackups
    meter: Meter

    async def look(self) -> tuple[dict[str, Backups], dict[str, BackupStatus]]:
        """At what there is, and then at its backups."""
        await one_pass(self.inventory, self.place)
        return await self.told()

    async def told(self) -> tuple[dict[str, Backups], dict[str, BackupStatus]]:
        """What was told last of each resource in a pass."""
        readings = await one_pass(self.backups, self.place)
        facts = {str(reading.about): reading for reading in readings if isinstance(reading, Backups)}
        return facts, {str(reading.about): reading for reading in readings if isinstance(reading, BackupStatus)}


@contextmanager
def playing(scenario: str = "resilient-database") -> Iterator[Played]:
    with emulating(scenario) as world:
        meter = Meter(Prices(), lambda: world.now)
        sessions = Sessions(Threads(4), meter, telling(lambda: world.now))
        known = Known()
        place = Place(Account("shop", endpoint=world.emulator.endpoint, keys=KEYS), "eu-west-1")
        inventory = Inventory(sessions.reader, known, Selection(), lambda: world.now)
        try:
            yield Played(world, place, inventory, AwsBackups(sessions.reader, known, lambda: world.now), meter)
        finally:
            sessions.close()
