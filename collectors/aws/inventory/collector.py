"""Which databases, caches and tables are there, and what is each? One pass lists a place whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime, timedelta

from collectors.aws.inventory.look import Look
from collectors.aws.inventory.sight import Sight
from collectors.aws.inventory.telling import Telling
from collectors.aws.known import Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.aws.selection import Selection
from collectors.aws.troubles import in_one
from collectors.collector import Collector
from collectors.readings import Reading, ResourceId

IN_A_TURN = 50  # readings, before others may use the loop


class Inventory(Collector[Place]):
    """One Described for each resource of the place, one Gone for each that it no longer lists."""

    name = "inventory"
    every = timedelta(minutes=1)
    needs = (
        "rds:DescribeDBInstances",
        "rds:DescribeDBClusters",
        "elasticache:DescribeCacheClusters",
        "elasticache:DescribeReplicationGroups",
        "dynamodb:ListTables",
        "dynamodb:DescribeTable",
        "tag:GetResources",
    )

    def __init__(
        self,
        readers: Callable[[Place], Reader],
        known: Known,
        selection: Selection,
        now: Callable[[], datetime],
        *,
        seen_before: Iterable[ResourceId] = (),
    ) -> None:
        self._readers = readers
        self._known = known
        self._selection = selection
        self._now = now
        self._telling = Telling(seen_before)
        self._sights: dict[Place, Sight] = {}

    def expect(self, places: Iterable[Place]) -> None:
        """These are all places there are: what was seen before and none of them lists is gone."""
        self._telling.expect(places)

    async def collect(self, target: Place) -> AsyncIterator[Reading]:
        sight = self._sights.setdefault(target, Sight())
        look = Look(self._readers(target), target.region, self._selection, sight)
        steps = (
            ("cluster", look.clusters),
            ("instance", look.instances),
            ("cache", look.caches),
            ("table", look.tables),
        )
        try:
            for kind, step in steps:
                await step()
                for count, reading in enumerate(self._telling.tell(target, sight.rows, kind, self._now()), 1):
                    yield reading
                    if count % IN_A_TURN == 0:
                        await asyncio.sleep(0)
            if not look.troubles:
                for gone in self._telling.nobody_lists(target, self._now()):
                    yield gone
        finally:
            self._known.put(target, self._telling.found(target, sight.rows))
        if look.troubles:
            raise in_one(look.troubles)
