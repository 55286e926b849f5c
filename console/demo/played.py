"""Which model is played? The same in the engine and in its emulator: both have it from what they were told."""

from __future__ import annotations

from datetime import datetime

from console.demo.inventory import machines
from console.demo.model import Model
from console.demo.scenario.load import load


def model_of(scenario: str, *, seed: int, size: int, start: datetime) -> Model:
    there = machines(size)
    begun = start.timestamp()
    return Model(seed, begun, there, load(scenario).script(begun, {machine.id: machine for machine in there}))
