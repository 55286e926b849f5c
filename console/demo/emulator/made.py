"""What is made by hand: how far is it, and what becomes of it? The same for databases, caches and tables.

A scenario makes it fail by the cause `snapshot-failed` and stand still by `snapshot-stalled`. Of a key that is disabled
none can be made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from console.demo import lifecycle
from console.demo.emulator.ledger import Done
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.world import World
from console.demo.inventory import Machine
from console.demo.model import Model

FAILED = "snapshot-failed"
STALLED = "snapshot-stalled"
STEP = 5  # percent: AWS tells no finer
FOR_EVER = 365 * 86_400.0


@dataclass(frozen=True, slots=True)
class Progress:
    percent: int
    failed: bool

    @property
    def status(self) -> str:
        return "failed" if self.failed else "available" if self.percent == 100 else "creating"


def begun(
    world: World,
    machine: Machine,
    operation: str,
    *,
    name: str,
    seconds: float,
    told: tuple[str, str],
    failed: str = "",
    status: str = "",
    **more: Any,
) -> Done:
    """Entered. ``told``: the events of its beginning and end; ``failed``: of its end where a scenario has it fail."""
    usual = lifecycle.snapshot(machine.id, world.t, told=told, seconds=seconds, status=status)
    length = _length(world.model, machine, world.t, usual.length)
    fails = world.model.since(machine.id, FAILED, world.t + length) is not None
    if fails:
        usual = lifecycle.snapshot(machine.id, world.t, told=(told[0], failed), seconds=seconds, status=status)
    course, work = usual.lasting(length), usual.length
    done = Done(world.t, machine, operation, course, name=name, work=work, fails=fails, **more)
    world.ledger.enter(done)
    return done


def progress(world: World, done: Done) -> Progress:
    if world.t >= done.ends:
        return Progress(100, done.fails)
    worked = sum(until - since for since, until in _at_work(world.model, done.machine, done.t, world.t))
    return Progress(int(100 * worked / done.work) // STEP * STEP, failed=False)


def _length(model: Model, machine: Machine, begun: float, work: float) -> float:
    """Until it is whole, with all the time in which it stands still."""
    left = work
    for since, until in _at_work(model, machine, begun, begun + FOR_EVER):
        if until - since >= left:
            return since + left - begun
        left -= until - since
    return FOR_EVER


def _at_work(model: Model, machine: Machine, begun: float, t: float) -> Iterator[tuple[float, float]]:
    """When it did not stand still."""
    changes = (each for each in model.changes(machine.id) if begun < each < t)
    for since, until in pairwise((begun, *changes, t)):
        if model.since(machine.id, STALLED, since) is None:
            yield since, until


def require_key(world: World, machine: Machine, code: str) -> None:
    if world.model.since(machine.id, "key-disabled", world.t) is not None:
        raise Refused(code, f"The specified KMS key of {machine.id} is disabled and cannot be used.")
