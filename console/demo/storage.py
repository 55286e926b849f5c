"""How full is a volume? It fills a little every hour, and AWS makes it larger before it is full."""

from __future__ import annotations

import math

from console.demo.inventory import Machine
from console.demo.noise import key, smooth, uniform

GROWTH_PER_HOUR = 0.00035  # of what was bought: a tenth in twelve days
GROWS_AT = 0.9  # storage autoscaling: less than a tenth is free
STEP = 1.1


def used_gib(seed: int, start: float, machine: Machine, t: float) -> float:
    source = key(seed, machine.id, "storage")
    at_start = machine.storage_gib * (0.45 + 0.3 * uniform(source, 0))
    growth = machine.storage_gib * GROWTH_PER_HOUR * (0.5 + uniform(source, 1))
    scratch = 0.004 * machine.storage_gib * (1 + smooth(source + 1, t, 420))  # tempdb and the log come and go
    return max(0.2 * machine.storage_gib, at_start + growth * (t - start) / 3600) + scratch


def allocated_gib(machine: Machine, used: float) -> float:
    steps = max(0, math.ceil(math.log(used / GROWS_AT / machine.storage_gib, STEP)))
    return round(machine.storage_gib * STEP**steps)
