"""Which events does a scenario bring: those it writes down, and those that its causes bring with them?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from collectors.readings import ResourceId, Severity
from console.demo.course import Told
from console.demo.happenings import Happening
from console.demo.inventory import Machine
from console.demo.scenario.causes import CAUSES, CREATING_S, DELETING_S
from console.demo.scenario.script import Script
from console.demo.turns import Turn

TELLERS = {"instance": "rds", "cluster": "rds", "cache": "elasticache"}  # of a table nobody tells
FILLS_S = CAUSES["storage-filling"].rises_s
SEVERITIES = (("failover", Severity.HIGH), ("restarted", Severity.WARNING), ("shutdown", Severity.WARNING))
BRINGS: Mapping[tuple[str, str], tuple[tuple[float, str, Severity], ...]] = {  # by kind and cause, as AWS words it
    ("instance", "storage-filling"): (
        (0.9 * FILLS_S, "The free storage capacity for DB Instance: {name} is low", Severity.WARNING),
        (FILLS_S, "Allocated storage has been exhausted", Severity.HIGH),
    ),
    ("instance", "instance-created"): ((CREATING_S, "DB instance created", Severity.INFO),),
    ("instance", "instance-gone"): ((DELETING_S, "DB instance deleted", Severity.INFO),),
    ("cache", "instance-created"): ((CREATING_S, "Cache cluster created", Severity.INFO),),
    ("cache", "instance-gone"): ((DELETING_S, "Cache cluster deleted", Severity.INFO),),
}


def told(script: Script, machines: Mapping[ResourceId, Machine], since: float, until: float) -> list[Happening]:
    """After ``since`` and up to ``until``."""
    if script.is_empty:
        return []
    there = (machines[about] for about in script.about if about in machines)
    found = [happening for machine in there for happening in _of(script, machine)]
    return [happening for happening in found if since < happening.t <= until]


def turns_told(
    turns: Iterable[Turn], machines: Mapping[ResourceId, Machine], since: float, until: float
) -> list[Happening]:
    """Those that can be read by ``until``; one that came late has its own date all the same."""
    found = ((turn.about, told) for turn in turns for told in turn.events())
    return [as_told(machines[about], machines, each) for about, each in found if since < each.t and each.seen <= until]


def as_told(machine: Machine, machines: Mapping[ResourceId, Machine], each: Told) -> Happening:
    """``machine``: whose course it is."""
    about = machine if each.about is None else machines[each.about]
    text = each.text.lower()
    severity = next((severity for word, severity in SEVERITIES if word in text), Severity.INFO)
    return Happening(each.t, about, each.text, severity, TELLERS.get(about.kind, ""), each.of_group)


def _of(script: Script, machine: Machine) -> Iterator[Happening]:
    teller = TELLERS.get(machine.kind, "")
    for event in script.events:
        if event.resource == machine.id:
            yield Happening(event.t, machine, event.text, Severity.INFO, teller)
    for (kind, cause), events in BRINGS.items():
        begins = script.begins(machine.id, cause) if kind == machine.kind else []
        for begun in begins:
            for after, text, severity in events:
                if script.at(machine.id, begun + after).causes.get(cause) == begun:  # not cleared meanwhile
                    yield Happening(begun + after, machine, text.format(name=machine.id), severity, teller)
