"""What is made by hand: may it begin, and how far is it? The same for databases, caches and tables.

A scenario makes it fail by the cause `snapshot-failed`, and makes it stand still by what it sets of the describe call:
`api.PercentProgress`, `api.SnapshotStatus` or `api.BackupStatus`. Of a key that is disabled none can be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from console.demo.emulator import lifecycle
from console.demo.emulator.ledger import Done
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.world import World
from console.demo.inventory import Machine

FAILED = "snapshot-failed"
STEP = 5  # percent: AWS tells no finer
_STATUSES = ("SnapshotStatus", "BackupStatus")


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
    course = lifecycle.snapshot(machine.id, world.t, told=told, seconds=seconds, status=status)
    fails = world.model.since(machine.id, FAILED, world.t + course.length) is not None
    if fails:
        course = lifecycle.snapshot(machine.id, world.t, told=(told[0], failed), seconds=seconds, status=status)
    done = Done(world.t, machine, operation, course, name=name, fails=fails, **more)
    world.ledger.enter(done)
    return done


def progress(world: World, done: Done) -> Progress:
    held = world.model.api(done.machine.id, world.t)
    percent = 100 if world.t >= done.ends else int(100 * (world.t - done.t) / done.course.length) // STEP * STEP
    if "PercentProgress" in held:
        percent = min(percent, int(float(str(held["PercentProgress"]))))
    if any(str(held.get(name, "")).lower() == "creating" for name in _STATUSES):
        percent = min(percent, 100 - STEP)
    return Progress(percent, failed=done.fails and percent == 100)


def require_key(world: World, machine: Machine, code: str) -> None:
    if world.model.since(machine.id, "key-disabled", world.t) is not None:
        raise Refused(code, f"The specified KMS key of {machine.id} is disabled and cannot be used.")
