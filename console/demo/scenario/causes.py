"""Which causes does the model know, and how hard does each bear on a machine? What is seen of it, the model says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from collectors.readings import ResourceId
from console.demo.inventory import Machine
from console.demo.scenario.script import Script


@dataclass(frozen=True, slots=True)
class Cause:
    """``kinds`` and ``engines`` it can happen to; ``rises`` is how long it takes until it bears in full."""

    says: str
    kinds: tuple[str, ...]
    engines: str = "*"
    rises_s: float = 60.0

    def fits(self, machine: Machine) -> bool:
        return machine.kind in self.kinds and fnmatchcase(machine.engine, self.engines)


CAUSES: Mapping[str, Cause] = {
    "log-write-throttle": Cause("commits wait for a throttled log volume", ("instance",)),
    "cpu-saturation": Cause("every processor is busy", ("instance", "cache")),
    "connection-storm": Cause("clients connect again and again", ("instance", "cache"), rises_s=120),
    "storage-filling": Cause("the volume fills within twenty minutes", ("instance",), rises_s=1200),
    "replica-behind": Cause("a replica applies less than is written", ("instance", "cache"), rises_s=600),
    "blocking": Cause("one session holds what many want", ("instance",), "sqlserver-*", rises_s=30),
    "cache-memory-pressure": Cause("the cache is full and throws out what is asked for", ("cache",), rises_s=300),
    "table-throttled": Cause("more is asked of a table than was bought", ("table",), rises_s=30),
    "failover": Cause("the standby takes over by itself", ("instance",), rises_s=0),
    "instance-gone": Cause("it is deleted", ("instance", "cache", "table"), rises_s=0),
    "instance-created": Cause("it is made now, and was not there before", ("instance", "cache", "table"), rises_s=0),
}

FAILOVER_S = 75.0  # until the endpoint answers again
SWAPPED_S = 110.0  # AWS tells the new zone later than that
CREATING_S = 90.0


@dataclass(frozen=True, slots=True)
class Strain:
    """How hard each cause bears on a machine at a time: 0 not at all, 1 in full."""

    by_cause: Mapping[str, float]

    def __call__(self, cause: str) -> float:
        return self.by_cause.get(cause, 0.0)


CALM = Strain({})


def strain(script: Script, about: ResourceId, t: float) -> Strain:
    causes = script.at(about, t).causes
    if not causes:
        return CALM
    return Strain({name: _share(CAUSES[name], t - since) for name, since in causes.items()})


def _share(cause: Cause, held_s: float) -> float:
    return 1.0 if cause.rises_s <= 0 else min(1.0, held_s / cause.rises_s)
