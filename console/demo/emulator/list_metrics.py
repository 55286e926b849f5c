"""Which metrics does CloudWatch list for the estate?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import Field

from collectors.readings import ResourceId
from console.demo.emulator.metric_data_query import Part, read
from console.demo.emulator.metric_series import MINUTE, Points, dimensions, namespace
from console.demo.emulator.requests_form import Refused
from console.demo.inventory import ACCOUNT

PAGE = 500
SETTLED_S = 900  # a new metric is listed within a quarter of an hour
ACTIVE_S = 3 * 3600


class DimensionFilter(Part):
    Name: str = Field(min_length=1)
    Value: str | None = None


class Asked(Part):
    Namespace: str | None = None
    MetricName: str | None = None
    Dimensions: list[DimensionFilter] = Field(default=[], max_length=10)
    NextToken: str | None = None
    RecentlyActive: str | None = None
    OwningAccount: str | None = None


class Listing:
    """What each machine publishes hardly changes: it is looked up anew every quarter of an hour."""

    def __init__(self, points: Points) -> None:
        self._points = points
        self._names = lru_cache(maxsize=2)(self._names_at)
        self._active = lru_cache(maxsize=2)(self._active_at)

    def _names_at(self, t: int) -> list[tuple[ResourceId, str]]:
        machines = self._points.model.machines
        return [(machine, name) for machine in machines for name in sorted(self._points.names(machine, t))]

    def _active_at(self, t: int) -> list[tuple[ResourceId, str]]:
        """Those with data within three hours, of which some minutes are looked at."""
        seen: dict[tuple[ResourceId, str], None] = {}
        for machine in self._points.model.machines:
            for minute in range(t, t - ACTIVE_S, -SETTLED_S):
                each = zip(*self._points.row(machine, minute), strict=True)
                seen |= dict.fromkeys((machine, name) for name, value in each if not math.isnan(value))
        return sorted(seen)

    def answer(self, said: dict[str, Any], now: float) -> dict[str, Any]:
        wanted = read(Asked, said)
        if wanted.RecentlyActive not in (None, "PT3H"):
            raise Refused("InvalidParameterValue", "The value for parameter RecentlyActive must be PT3H.")
        first = 0 if wanted.NextToken is None else int(wanted.NextToken) if wanted.NextToken.isdecimal() else -1
        found = list(self._matching(wanted, now))
        if first < 0 or first > len(found):
            raise Refused("InvalidParameterValue", "The value for parameter NextToken is invalid.")
        page: dict[str, Any] = {"Metrics": found[first : first + PAGE]}
        return page if first + PAGE >= len(found) else page | {"NextToken": str(first + PAGE)}

    def _matching(self, wanted: Asked, now: float) -> Iterator[dict[str, Any]]:
        if wanted.OwningAccount not in (None, ACCOUNT):
            return
        settled = math.floor(now / SETTLED_S) * SETTLED_S - MINUTE
        for about, name in self._names(settled) if wanted.RecentlyActive is None else self._active(settled):
            machine = self._points.model.machines[about]
            if wanted.Namespace not in (None, namespace(machine)) or wanted.MetricName not in (None, name):
                continue
            under = dict(dimensions(machine, name))
            if all(f.Name in under and f.Value in (None, under[f.Name]) for f in wanted.Dimensions):
                listed = [{"Name": k, "Value": v} for k, v in under.items()]
                yield {"Namespace": namespace(machine), "MetricName": name, "Dimensions": listed}
