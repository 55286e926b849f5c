"""Which model is played? The same in the engine and in its emulator: both have it from what they were told."""

from __future__ import annotations

from datetime import datetime

from console.demo.estates import machines_of
from console.demo.model import Model
from console.demo.scenario.load import load


def model_of(scenario: str, *, seed: int, size: int | None, start: datetime) -> Model:
    loaded, begun = load(scenario), start.timestamp()
    there = machines_of(loaded.estate, size)
    return Model(seed, begun, there, loaded.script(begun, {machine.id: machine for machine in there}))
