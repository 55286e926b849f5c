"""What was done to the estate through its API, and when? What follows from it is worked out on read.

Kept in memory only: an emulator that was started again has the estate as the play has it, without what was done to it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from collectors.readings import ResourceId, Severity
from console.demo.emulator.lifecycle import Course
from console.demo.happenings import Happening
from console.demo.inventory import Machine
from console.demo.model import Model


@dataclass(frozen=True, slots=True)
class Done:
    """One operation that was accepted."""

    t: float
    machine: Machine
    operation: str
    course: Course
    target: ResourceId | None = None  # who has the role afterwards
    name: str = ""  # of what was made

    @property
    def ends(self) -> float:
        return self.t + self.course.length


class Ledger:
    def __init__(self) -> None:
        self._done: tuple[Done, ...] = ()
        self.lock = threading.RLock()  # held by what looks before it enters something

    def enter(self, done: Done) -> None:
        with self.lock:
            self._done = tuple(sorted((*self._done, done), key=lambda each: each.t))

    def until(self, t: float, about: ResourceId | None = None) -> Iterator[Done]:
        """Those that had begun, the latest first."""
        return (d for d in reversed(self._done) if d.t <= t and about in (None, d.machine.id))

    def status(self, about: ResourceId, t: float) -> str | None:
        """None where nothing that was done still goes on."""
        return next((status for d in self.until(t, about) if (status := d.course.status(t - d.t))), None)

    def is_other_way_round(self, about: ResourceId, t: float) -> bool:
        """Whether the instance and its standby have changed places."""
        return sum(d.target is None and d.course.has_switched(t - d.t) for d in self.until(t, about)) % 2 == 1

    def writer(self, cluster: ResourceId, t: float) -> ResourceId | None:
        """Of a cluster that was failed over; None where its writer is who it was."""
        return next((d.target for d in self.until(t, cluster) if d.target and d.course.has_switched(t - d.t)), None)

    def made(self, operation: str, t: float) -> list[Done]:
        return [d for d in self.until(t) if d.operation == operation]

    def happenings(self, model: Model, since: float, until: float) -> Iterator[Happening]:
        """After ``since`` and up to ``until``."""
        for done in self.until(until):
            for t, text, about in done.course.events(done.t):
                if since < t <= until:
                    machine = done.machine if about is None else model.machines[about]
                    yield Happening(t, machine, text, Severity.INFO, "rds")
