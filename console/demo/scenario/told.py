"""Which events does a scenario bring: those it writes down, and those that its causes bring with them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from collectors.readings import ResourceId, Severity
from console.demo.happenings import Happening
from console.demo.inventory import Machine
from console.demo.scenario.causes import FAILOVER_S
from console.demo.scenario.script import Script

FAILOVER = (  # as RDS words it, in its order: what completes is told before the restart that it needed
    (2.0, "Multi-AZ instance failover started.", Severity.HIGH),
    (FAILOVER_S - 20, "DB instance restarted", Severity.WARNING),
    (FAILOVER_S, "Multi-AZ instance failover completed", Severity.HIGH),
)


def told(script: Script, machines: Mapping[ResourceId, Machine], since: float, until: float) -> list[Happening]:
    """After ``since`` and up to ``until``."""
    if script.is_empty:
        return []
    return [happening for happening in _all(script, machines) if since < happening.t <= until]


def _all(script: Script, machines: Mapping[ResourceId, Machine]) -> Iterator[Happening]:
    for event in script.events:
        if event.resource in machines:
            machine = machines[event.resource]
            yield Happening(event.t, machine, event.text, Severity.INFO, _teller(machine))
    for about, machine in machines.items():
        begun = script.first(about, "failover")
        if begun is not None:
            for after, text, severity in FAILOVER:
                yield Happening(begun + after, machine, text, severity, _teller(machine))


def _teller(machine: Machine) -> str:
    return "elasticache" if machine.kind == "cache" else "rds"
