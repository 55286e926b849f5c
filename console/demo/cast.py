"""Who has which role at a time? The estate as it was bought, then as each turn has left it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Generic, TypeVar

from collectors.readings import ResourceId
from console.demo.inventory import Machine
from console.demo.turns import Turn, Turns

Machines = Mapping[ResourceId, Machine]
T = TypeVar("T")


class Eras(Generic[T]):
    """What follows from the machines of an era, made once for each; ``when``: from when on a turn counts."""

    def __init__(
        self, machines: Machines, turns: Turns, when: Callable[[Turn], float], make: Callable[[Machines, T | None], T]
    ) -> None:
        changes = sorted((turn for turn in turns.all if turn.successor or turn.is_promotion), key=when)
        self._begin, made = [], make(machines, None)
        self._made = [made]
        for turn in changes:
            machines = after(machines, turn)
            made = make(machines, made)
            self._begin.append(when(turn))
            self._made.append(made)

    def at(self, t: float) -> T:
        return self._made[bisect_right(self._begin, t)] if self._begin else self._made[0]


def after(machines: Machines, turn: Turn) -> Machines:
    """As they are when a role has gone to another."""
    found = dict(machines)
    if turn.is_promotion:
        found[turn.about] = _promoted(machines, turn)
    elif turn.successor is not None:
        _exchanged(found, turn.successor)
    return found


def root(machines: Machines, about: ResourceId) -> Machine:
    """Where what it applies is written first."""
    machine = machines[about]
    while machine.source is not None:
        machine = machines[machine.source]
    return machine


def _promoted(machines: Machines, turn: Turn) -> Machine:
    """Whoever has it promoted writes to it; what it followed goes on as well, and its own replicas follow on."""
    machine, before = machines[turn.about], root(machines, turn.about)
    days = machine.retention_days if turn.retention_days is None else turn.retention_days
    return replace(machine, role="primary", source=None, commits=before.commits, retention_days=days)


def _exchanged(machines: dict[ResourceId, Machine], successor: ResourceId) -> None:
    """Whoever followed the old one follows the new one."""
    new = machines[successor]
    if new.source is None:
        return
    old = machines[new.source]
    followers = [m for m in machines.values() if m.source == old.id and m.id != new.id]
    machines[new.id] = replace(new, role=old.role, source=None, commits=old.commits)
    machines[old.id] = replace(old, role=new.role, source=new.id, commits=0)
    for each in followers:
        machines[each.id] = replace(each, source=new.id)


def as_they_are(machines: Machines, _: Machines | None) -> Machines:
    return machines
