"""What works with whom in one era: instances with those that they follow, and the members of each cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collectors.readings import ResourceId
from console.demo.cast import Machines
from console.demo.instances import Instance
from console.demo.inventory import Machine


@dataclass(frozen=True, slots=True)
class Troupe:
    machines: Machines
    instances: Mapping[ResourceId, Instance]
    members: Mapping[ResourceId, list[Instance]]  # the writer first

    @classmethod
    def of(
        cls, make: Callable[[Machine, Instance | None], Instance], machines: Machines, before: Troupe | None
    ) -> Troupe:
        """Whoever is as in the era ``before`` is the same as then."""
        found: dict[ResourceId, Instance] = {}

        def instance(about: ResourceId) -> Instance:
            if about not in found:
                machine = machines[about]
                source = None if machine.source is None else instance(machine.source)
                old = before.instances[about] if before is not None else None
                if old is not None and old.machine == machine and old.source is source:
                    found[about] = old
                else:
                    found[about] = make(machine, source)
            return found[about]

        members: dict[ResourceId, list[Instance]] = {}
        for machine in machines.values():
            if machine.kind == "instance":
                made = instance(machine.id)
                if machine.cluster is not None:
                    members.setdefault(machine.cluster, []).append(made)
        for each in members.values():
            each.sort(key=lambda one: one.machine.role != "writer")
        return cls(machines, found, members)
