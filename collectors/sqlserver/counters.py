"""What do the performance counters of a SQL Server say? Each of the core ones as one value, by its type."""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import ClassVar

from pydantic import BaseModel

from collectors.readings import Metric, Reading, ResourceId
from collectors.sqlserver.asking import VIEW_SERVER_STATE, Question, Servers, text_of
from collectors.sqlserver.collector import Now, SqlServerCollector
from collectors.sqlserver.core_counters import Core, Speaks, core
from collectors.sqlserver.counter_kinds import LASTING, CounterKey, Said, Sample, said, sample
from collectors.sqlserver.counting import counting

log = logging.getLogger(__name__)

TOTAL = "_total"
NO_DATABASES = (TOTAL, "mssqlsystemresource", "rdsadmin")

COUNTERS = Question("counters", text_of("counters"))


class CounterRow(BaseModel):
    object_name: str
    counter_name: str
    instance_name: str | None
    cntr_value: int
    cntr_type: int


class Counters(SqlServerCollector):
    """One Metric for each core counter that the server has; without a value where its kind gives none yet."""

    name: ClassVar[str] = "counters"
    asks = ("counters",)
    every: ClassVar[timedelta] = timedelta(seconds=15)
    needs: ClassVar[tuple[str, ...]] = (VIEW_SERVER_STATE,)

    def __init__(self, servers: Servers, now: Now) -> None:
        super().__init__(servers, now)
        self._before: dict[ResourceId, Sample] = {}
        self._reported: set[tuple[ResourceId, str]] = set()

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        sets = await self._servers.of(target).ask(COUNTERS)
        head, rows = counting(sets), sets[1].as_(CounterRow)
        now = self._now()
        after = sample(
            head.epoch,
            head.ms_ticks,
            ((r.object_name, r.counter_name, r.instance_name, r.cntr_value, r.cntr_type) for r in rows),
        )
        before, self._before[target] = self._before.get(target), after
        for one, found in values(before, after):
            self._report(target, one, found)
            yield Metric(target, now, one.metric, found.value, one.unit)

    def _report(self, target: ResourceId, one: Core, found: Said) -> None:
        """Once, why a counter will never have a value here."""
        if found in LASTING and (target, one.name) not in self._reported:
            self._reported.add((target, one.name))
            log.warning("%s of %s has no value: %s", one.metric, target, found.why)


def values(before: Sample | None, after: Sample) -> Iterator[tuple[Core, Said]]:
    """Of each core counter that is among ``after``'s rows, in the table's order."""
    instances: dict[tuple[str, str], list[CounterKey]] = defaultdict(list)
    for key in after.rows:
        instances[key.object, key.name].append(key)
    for place, one in core().items():
        keys = speaking(one.speaks, instances.get(place, []))
        if keys:
            found = [said(key, before, after) for key in keys]
            yield one, max(found, key=lambda each: -math.inf if each.value is None else each.value)


def speaking(speaks: Speaks, keys: list[CounterKey]) -> list[CounterKey]:
    """Whose value is told; none where the server has no such instance."""
    match speaks:
        case Speaks.TOTAL:
            return [key for key in keys if key.instance == TOTAL]
        case Speaks.MOST:
            return [key for key in keys if key.instance not in NO_DATABASES]
        case Speaks.ONLY:
            return keys[:1]
