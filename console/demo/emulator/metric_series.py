"""Which points does the estate give of each metric: whose are they, at which minutes, and when can they be read?"""

from __future__ import annotations

import math
import threading
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from collectors.aws.metrics import metrics
from collectors.readings import ResourceId
from console.demo.emulator.statistics import Spread, Statistic, own_samples
from console.demo.inventory import Machine
from console.demo.model import Model
from console.demo.noise import key, uniform

MINUTE = 60
DAY = 86_400
KEPT_ROWS = 60_000  # of a machine and a minute, 0.3 kB each: three hours of 300 machines
COARSE_S, FINE_S = 3600, 300
LATEST_S = 120  # seconds after its minute by which every point can be read
Dimensions = tuple[tuple[str, str], ...]  # in their order

OPERATION = ("Operation", "GetItem")
OF_AN_OPERATION = frozenset({"SuccessfulRequestLatency"})
OF_A_REGION = frozenset({"ReplicationLatency"})
NAMESPACES = {"cache": "AWS/ElastiCache", "table": "AWS/DynamoDB"}


def namespace(machine: Machine) -> str:
    return NAMESPACES.get(machine.kind, "AWS/RDS")


def dimensions(machine: Machine, name: str) -> Dimensions:
    """The whole set under which AWS publishes that metric of that machine."""
    match machine.kind:
        case "cache":
            return (("CacheClusterId", machine.id), ("CacheNodeId", "0001"))
        case "table":
            table = ("TableName", machine.id)
            if name in OF_A_REGION and machine.region:
                return (("ReceivingRegion", machine.region), table)
            return (OPERATION, table) if name in OF_AN_OPERATION else (table,)
        case "cluster":
            return (("DBClusterIdentifier", machine.id),)
        case _:
            return (("DBInstanceIdentifier", machine.id),)


@lru_cache(maxsize=65_536)
def appears_at(machine: ResourceId, minute: int) -> float:
    """When that minute's points can first be read: one to two minutes after its end, most of them early in that."""
    late = uniform(key(machine, "late"), minute // MINUTE)
    return minute + MINUTE + 60 + (LATEST_S - 60) * late * late


def kept_since(now: float, period: int) -> float:
    """Older points are kept only in sums of longer periods."""
    days = 15 if period < 300 else 63 if period < 3600 else 455
    return now - days * DAY


@dataclass(frozen=True, slots=True)
class Series:
    machine: ResourceId
    namespace: str
    name: str
    unit: str
    every: int  # seconds between its points
    samples: int  # that a point stands for
    whole: bool  # it counts things
    most: float  # that it can be

    def spread(self) -> Spread:
        source = key(self.machine, self.name, "spread")

        def stray(t: int, point: float) -> float:
            far = abs(point) * (0.004 + 0.02 * uniform(source, t // MINUTE))
            far = min(far, max(0.0, self.most - point))
            return float(math.floor(far + 0.5)) if self.whole and point % 1 == 0 else far

        return stray


@lru_cache(maxsize=65_536)
def series(machine: ResourceId, of: str, name: str) -> Series:
    fact = metrics().get((of, name))
    if fact is None:  # the model may know more than the table
        return Series(machine, of, name, "None", MINUTE, 1, whole=False, most=math.inf)
    return Series(
        machine,
        of,
        name,
        str(fact.unit),
        int(fact.period.total_seconds()),
        own_samples(str(fact.statistic)),
        whole=fact.unit in ("Count", "Bytes"),
        most=100.0 if fact.unit == "Percent" else math.inf,
    )


class Points:
    """The model's numbers by the minute; those asked for lately are kept, all metrics of a machine at once."""

    def __init__(self, model: Model, kept: int = KEPT_ROWS) -> None:
        self.model = model
        self._kept = kept
        self._whose: Mapping[tuple[str, Dimensions], ResourceId] = {
            (namespace(m), dimensions(m, name)): m.id
            for m in model.machines.values()
            for name in ("", *(OF_AN_OPERATION | OF_A_REGION if m.kind == "table" else ()))
        }
        self._rows: dict[tuple[ResourceId, int], tuple[tuple[str, ...], array[float]]] = {}
        self._layouts: dict[tuple[str, ...], tuple[str, ...]] = {}  # one copy of each set of names
        self._lock = threading.Lock()

    def find(self, of: str, name: str, under: Iterable[tuple[str, str]]) -> Series | None:
        """The series published under exactly that namespace and those dimensions."""
        exact = tuple(sorted(under))
        whose = self._whose.get((of, exact))
        if whose is None or exact != dimensions(self.model.machines[whose], name):
            return None
        return series(whose, of, name)

    def row(self, machine: ResourceId, minute: int) -> tuple[tuple[str, ...], array[float]]:
        """All that the machine publishes about that minute; not a number where it has a metric and no data."""
        known = self._rows.get((machine, minute))
        if known is not None:
            return known
        middle = minute + MINUTE / 2
        numbers = self.model.metrics(machine, middle) if self.model.exists(machine, middle) else {}
        names = tuple(numbers)
        values = array("d", (math.nan if value is None else value for value in numbers.values()))
        row = (self._layouts.setdefault(names, names), values)
        self._rows[machine, minute] = row
        if len(self._rows) > self._kept:
            self._forget()
        return row

    def _forget(self) -> None:
        """The quarter that was worked out first."""
        with self._lock:
            for old in list(self._rows)[: max(0, len(self._rows) - self._kept * 3 // 4)]:
                self._rows.pop(old, None)

    def names(self, machine: ResourceId, minute: int) -> tuple[str, ...]:
        return self.row(machine, minute)[0]

    def between(self, about: Series, since: int, until: int, now: float, step: int) -> Iterator[tuple[int, float]]:
        """Those that begin from ``since`` to before ``until``, each ``step``, as far as they can be read at ``now``."""
        machine, name = about.machine, about.name
        surely = now - MINUTE - LATEST_S
        for start in range(-(-since // step) * step, min(until, math.floor(now)), step):
            minute = start + about.every - MINUTE  # a longer one is told at its end
            if minute > surely and appears_at(machine, minute) > now:
                continue
            names, row = self.row(machine, minute)
            try:
                value = row[names.index(name)]
            except ValueError:
                continue  # it is not published at that time
            if value == value:  # noqa: PLR0124  # a number
                yield start, value

    def statistics(
        self, about: Series, wanted: Sequence[Statistic], period: int, window: tuple[int, int], now: float
    ) -> Iterator[tuple[int, list[float]]]:
        """Of each period with data, by its start, which is a multiple of the period, in their order."""
        since, until = max(window[0], math.ceil(kept_since(now, period))), window[1]
        since = -(-since // period) * period
        step = max(about.every, FINE_S) if period >= COARSE_S else about.every  # an hour is told from fewer minutes
        spread, minutes = about.spread(), step // about.every
        points = self.between(about, since, until, now, step)
        for start, group in groupby(points, key=lambda point: point[0] - point[0] % period):
            stamps, values = zip(*group, strict=True)
            yield start, [each.of(stamps, values, about.samples, spread, minutes) for each in wanted]
