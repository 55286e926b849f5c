"""Which turns does a scenario bring about? Those of its cause `failover`, by the courses of what is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from collectors.readings import ResourceId
from console.demo import lifecycle
from console.demo.cast import Machines, after
from console.demo.course import Course
from console.demo.inventory import Machine
from console.demo.scenario.script import Script
from console.demo.turns import BY_ITSELF, Turn
from console.demo.ways import Ways, ways


def by_itself(script: Script, machines: Machines) -> Iterator[Turn]:
    """In the order in which they begin: who has the role then depends on those before."""
    begins = sorted((begun, about) for about in script.about for begun in script.begins(about, BY_ITSELF))
    for begun, about in begins:
        turn = _turn(machines, about, begun, ways(script.at(about, begun).sets, begun), _ends(script, about, begun))
        if turn is not None:
            yield turn
            machines = after(machines, turn) if turn.moved < inf else machines


def takes_over(machines: Machines, about: ResourceId) -> tuple[Machine, Machine] | None:
    """Of a cluster or a group: who has the role, and the first that could have it."""
    name = machines[about].cluster or about
    members = [each for each in machines.values() if each.cluster == name]
    first = next((each for each in members if each.source is None), None)
    others = [each for each in members if first is not None and each.source == first.id]
    return None if first is None or not others else (first, min(others, key=lambda each: (each.tier, each.id)))


def _turn(machines: Machines, about: ResourceId, begun: float, way: Ways, ends: float) -> Turn | None:
    machine = machines[about]
    if machine.kind == "instance":
        return Turn(begun, about, BY_ITSELF, lifecycle.failover(machine, begun, way, by_itself=True), ends=ends)
    there = takes_over(machines, about)
    if there is None:
        return None
    old, new = there
    return Turn(begun, _whose(machine, old), BY_ITSELF, _course(machine, old, new, begun, way), new.id, ends=ends)


def _whose(machine: Machine, old: Machine) -> ResourceId:
    return machine.id if machine.kind == "cluster" else old.id


def _course(machine: Machine, old: Machine, new: Machine, begun: float, way: Ways) -> Course:
    if machine.kind == "cluster":
        return lifecycle.cluster_failover(machine, begun, old.id, new.id, way, crosses=old.az != new.az)
    return lifecycle.cache_failover(old, begun, new.id, way, by_itself=True)


def _ends(script: Script, about: ResourceId, begun: float) -> float:
    """When a scenario clears it."""
    later = (t for t in script.changes(about) if t > begun)
    return next((t for t in later if script.at(about, t).causes.get(BY_ITSELF) != begun), inf)
