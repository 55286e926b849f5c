"""What was done to the estate through its API, and when? What follows from it is worked out on read."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from collectors.readings import ResourceId, Severity
from collectors.safe import sanitise
from console.demo.emulator.journal import Entry, Journal
from console.demo.emulator.lifecycle import Course, Step
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
    tags: Mapping[str, str] = field(default_factory=dict)  # of what was made
    group: bool = False  # asked of the group that the machine is in
    work: float = 0.0  # seconds that it takes to make it, without those in which it stands still
    fails: bool = False  # once its course is over

    @property
    def ends(self) -> float:
        return self.t + self.course.length


class Ledger:
    """``journal``: from which it goes on, and which outlives it."""

    def __init__(self, model: Model, journal: Journal) -> None:
        self._journal = journal
        found = (_done(model, entry) for entry in journal.before("done"))
        self._done = tuple(sorted((each for each in found if each is not None), key=lambda each: each.t))
        self.lock = threading.RLock()  # held by what looks before it enters something

    def enter(self, done: Done) -> None:
        with self.lock:
            self._journal.enter("done", _entry(done))
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
                    teller = "elasticache" if machine.kind == "cache" else "rds"
                    yield Happening(t, machine, text, Severity.INFO, teller)


def _entry(done: Done) -> Entry:
    return {**asdict(done), "machine": done.machine.id, "course": [asdict(step) for step in done.course.steps]}


def _done(model: Model, entry: Entry) -> Done | None:
    """None: it was done to somebody who is not in this play."""
    machine = model.machines.get(_named(entry["machine"]))
    if machine is None:
        return None
    steps = (Step(**{**each, "about": each["about"] and _named(each["about"])}) for each in entry["course"])
    target = entry["target"] and _named(entry["target"])
    return Done(**{**entry, "machine": machine, "course": Course(tuple(steps)), "target": target})


def _named(name: str) -> ResourceId:
    return ResourceId(sanitise(name))
