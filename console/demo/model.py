"""What is true of the embedded estate at a time? A pure function of the seed, the start and that time: nothing is kept.

Metrics, waits, lag and backups of a machine follow from one load (`load`), so that they agree with each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from collectors.readings import ResourceId
from console.demo import metrics
from console.demo.backups import BackupPlan
from console.demo.happenings import Happening, happenings
from console.demo.instances import Instance
from console.demo.inventory import MACHINES, Machine
from console.demo.storage import allocated_gib, used_gib
from console.demo.waits import WaitRate, waits_at


class Model:
    """Times are seconds since 1970; ``start`` is where the play begins, from which volumes fill."""

    def __init__(self, seed: int, start: float, machines: Iterable[Machine] = MACHINES) -> None:
        self._seed = seed
        self._start = start
        self.machines: Mapping[ResourceId, Machine] = {machine.id: machine for machine in machines}
        self._plans = {machine.id: BackupPlan.of(seed, start, machine) for machine in self.machines.values()}
        self._instances: dict[ResourceId, Instance] = {}
        for machine in self.machines.values():  # sources stand before what follows them
            if machine.kind == "instance":
                source = None if machine.source is None else self._instances[machine.source]
                self._instances[machine.id] = Instance(seed, machine, self._plans[machine.id], source)

    def metrics(self, about: ResourceId, t: float) -> metrics.Numbers:
        machine = self.machines[about]
        match machine.kind:
            case "instance":
                return metrics.of_instance(self._instances[about], t, self.free_gib(about, t))
            case "cluster":
                writer, reader = (i for i in self._instances.values() if i.machine.cluster == about)
                return metrics.of_cluster(writer, reader, self._seed, t, (t - self._start) / 3600)
            case "cache":
                return metrics.of_cache(machine, self._seed, t)
            case _:
                return metrics.of_table(machine, self._seed, t)

    def waits(self, about: ResourceId, t: float) -> Mapping[str, WaitRate]:
        return waits_at(self._instances[about], self._seed, t)

    def lag(self, about: ResourceId, t: float) -> float | None:
        machine = self.machines[about]
        if machine.source is None:
            return None
        if machine.kind == "cache":
            return metrics.cache_lag(machine, self._seed, t)
        return self._instances[about].lag(t)

    def plan(self, about: ResourceId) -> BackupPlan:
        return self._plans[about]

    def exists(self, about: ResourceId, t: float) -> bool:
        return about in self.machines

    def az(self, about: ResourceId, t: float) -> str:
        return self.machines[about].az

    def standby_az(self, about: ResourceId, t: float) -> str | None:
        return self.machines[about].standby_az

    def role(self, about: ResourceId, t: float) -> str:
        return self.machines[about].role

    def api(self, about: ResourceId, t: float) -> Mapping[str, object]:
        """What a scenario has set of the describe call."""
        return {}

    def status(self, about: ResourceId, t: float) -> str:
        if self._plans[about].running(t):
            return "snapshotting" if self.machines[about].kind == "cache" else "backing-up"
        return "active" if self.machines[about].kind == "table" else "available"

    def allocated_gib(self, about: ResourceId, t: float) -> float | None:
        """Of its own volume; None where it has none."""
        machine = self.machines[about]
        if not machine.storage_gib:
            return None
        return allocated_gib(machine, used_gib(self._seed, self._start, machine, t))

    def free_gib(self, about: ResourceId, t: float) -> float | None:
        allocated = self.allocated_gib(about, t)
        return None if allocated is None else allocated - used_gib(self._seed, self._start, self.machines[about], t)

    def happenings(self, since: float, until: float) -> list[Happening]:
        """After ``since`` and up to ``until``, in their order."""
        each = (happenings(self._seed, m, self._plans[m.id], since, until) for m in self.machines.values())
        return sorted((h for found in each for h in found), key=lambda h: h.t)
