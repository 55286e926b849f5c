"""How much is asked of a machine at a time? Everything that the demo shows follows from this."""

from __future__ import annotations

import math
from dataclasses import dataclass

from console.demo.inventory import Machine
from console.demo.noise import bump, key, smooth
from console.demo.scenario.causes import Strain

DAY = 86_400.0
RUSH = 1.15  # of the busiest usual hour, where a cause brings it
WEEKEND = 0.6


def day_curve(t: float) -> float:
    """0.2 at night, 1 in the busiest usual hour: a morning, a lunch, an afternoon, an evening (UTC)."""
    hour = t / 3600 % 24
    curve = 0.2 + 0.72 * _hill(hour, 10.7, 3.0) + 0.66 * _hill(hour, 16.0, 3.0) + 0.28 * _hill(hour, 20.5, 1.8)
    weekday = math.floor(t / DAY + 3) % 7  # 1970 began on a Thursday; Monday is 0
    return curve * WEEKEND if weekday >= 5 else curve


def _hill(hour: float, top: float, width: float) -> float:
    return math.exp(-(((hour - top) / width) ** 2))


@dataclass(frozen=True, slots=True)
class Load:
    """Demand on one machine, about 1 in its busiest usual hour. Those of one application share their ups and downs."""

    shared: int
    own: int

    @classmethod
    def of(cls, seed: int, machine: Machine) -> Load:
        return cls(key(seed, machine.app, "load"), key(seed, machine.id, "load"))

    def reads(self, t: float) -> float:
        swing = 0.13 * smooth(self.shared, t, 840) + 0.05 * smooth(self.own, t, 95) + 0.04 * smooth(self.own + 1, t, 7)
        rush = 0.35 * bump(self.shared + 1, t, slot=3600, chance=0.4, lasts=(240, 900))  # a campaign, a crawl
        return max(0.0, day_curve(t) * (1.0 + swing) + rush)

    def writes(self, t: float) -> float:
        """As reads, and now and then a batch that writes for a few minutes: replicas are farther behind then."""
        swing = 0.11 * smooth(self.shared, t, 840) + 0.06 * smooth(self.own + 2, t, 80)
        batch = 0.9 * bump(self.shared + 2, t, slot=2400, chance=0.35, lasts=(60, 240))
        return max(0.0, day_curve(t) * (1.0 + swing) + batch)


def rushed(asked: float, strain: Strain) -> float:
    """What is asked where a cause makes it the busiest hour of all."""
    return asked + max(0.0, RUSH - asked) * strain("rush-hour")
