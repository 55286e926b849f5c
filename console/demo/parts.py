"""Who plays which part at a time, who follows whom, and how is each door? The part of the model that turns change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from collectors.knock.knock import Door
from collectors.readings import ResourceId
from console.demo.backups import BackupPlan
from console.demo.by_itself import by_itself
from console.demo.cast import Eras, Machines, as_they_are
from console.demo.instances import Instance
from console.demo.inventory import Machine
from console.demo.scenario.script import Script
from console.demo.troupe import Troupe
from console.demo.turns import Turn, Turns

FOLLOWS = ("replica", "reader")


class Parts:
    """``machines``: as they are when the play begins."""

    def __init__(self, seed: int, start: float, machines: Iterable[Machine], script: Script) -> None:
        self._seed, self._script = seed, script
        self.start = start
        self.machines: Mapping[ResourceId, Machine] = {machine.id: machine for machine in machines}
        self._plans = {machine.id: BackupPlan.of(seed, start, machine) for machine in self.machines.values()}
        self._by_itself = tuple(by_itself(script, self.machines))
        self.take(())

    def take(self, turns: Iterable[Turn]) -> None:
        """What was asked of the API until now: all of it, in place of what was taken before."""
        self.turns = Turns((*self._by_itself, *turns))
        make = partial(Troupe.of, self._instance)
        self._troupes: Eras[Troupe] = Eras(self.machines, self.turns, lambda turn: turn.moved, make)
        self._shown: Eras[Machines] = Eras(self.machines, self.turns, lambda turn: turn.shown, as_they_are)

    def as_at(self, about: ResourceId, t: float) -> Machine:
        """With the role that it has then, and with whom it follows."""
        return self._troupes.at(t).machines[about]

    def all_at(self, t: float) -> Machines:
        return self._troupes.at(t).machines

    def shown_at(self, t: float) -> Machines:
        """As AWS shows them, which is a little later."""
        return self._shown.at(t)

    def followers(self, about: ResourceId, t: float) -> list[Machine]:
        return [each for each in self.all_at(t).values() if each.source == about]

    def door(self, endpoint: ResourceId, t: float) -> Door:
        """Of an instance, a node, a cluster, or a replication group."""
        if (door := self.turns.door(endpoint, t)) is not None:
            return door
        machine = self.all_at(t).get(endpoint)
        return Door.READ_ONLY if machine is not None and machine.role in FOLLOWS else Door.OPEN

    def _troupe(self, t: float) -> Troupe:
        return self._troupes.at(t)

    def _instance(self, machine: Machine, source: Instance | None) -> Instance:
        plan = self._plans[machine.id]
        return Instance(self._seed, machine, plan, source, script=self._script, turns=self.turns)
