"""What was done to the estate through its API, and when? What follows from it is worked out on read."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from collectors.readings import ResourceId
from collectors.safe import sanitise
from console.demo import flushes
from console.demo.course import Course, read
from console.demo.emulator.journal import Entry, Journal
from console.demo.flushes import Flush
from console.demo.happenings import Happening
from console.demo.inventory import Machine
from console.demo.model import Model
from console.demo.scenario.told import as_told
from console.demo.turns import Turn

MOST_FLUSHES = 20_000


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
    retention_days: int | None = None  # of one that is promoted

    @property
    def ends(self) -> float:
        return self.t + self.course.length

    @property
    def turn(self) -> Turn | None:
        """None where nobody's role or place changes."""
        if not self.course.doors:
            return None
        return Turn(self.t, self.machine.id, self.operation, self.course, self.target, self.retention_days)


class Ledger:
    """``journal``: from which it goes on, and which outlives it."""

    def __init__(self, model: Model, journal: Journal) -> None:
        self._journal = journal
        found = (_done(model, entry) for entry in journal.before("done"))
        self._model = model
        self._done = tuple(sorted((each for each in found if each is not None), key=lambda each: each.t))
        self.lock = threading.RLock()  # held by what looks before it enters something
        self.entered = threading.Condition(self.lock)  # of another turn, or another flush
        self.turns: tuple[Turn, ...] = ()  # in the order in which they were entered
        if found_turns := [turn for each in self._done if (turn := each.turn) is not None]:
            self._turn(*found_turns)
        model.learn(flushes.flush_of(entry) for entry in journal.before("flush"))

    @property
    def news(self) -> int:
        """How many turns and flushes there are: it only grows."""
        return len(self.turns) + len(self._model.flushes.all)

    def enter_flush(self, flush: Flush) -> bool:
        """Once, however often it is reported. False: it is nobody's here, or there are too many."""
        with self.entered:
            known = self._model.flushes
            if flush.id in known.ids:
                return True
            if flush.about not in self._model.machines or len(known.all) >= MOST_FLUSHES:
                return False
            self._journal.enter("flush", flushes.entry(flush))
            self._model.learn([flush])
            self.entered.notify_all()
            return True

    def enter(self, done: Done) -> None:
        with self.lock:
            self._journal.enter("done", _entry(done))
            self._done = tuple(sorted((*self._done, done), key=lambda each: each.t))
            if done.turn is not None:
                self._turn(done.turn)

    def _turn(self, *more: Turn) -> None:
        """What the model says from now on has it in it."""
        with self.entered:
            self.turns = (*self.turns, *more)
            self._model.take(self.turns)
            self.entered.notify_all()

    def until(self, t: float, about: ResourceId | None = None) -> Iterator[Done]:
        """Those that had begun, the latest first."""
        return (d for d in reversed(self._done) if d.t <= t and about in (None, d.machine.id))

    def status(self, about: ResourceId, t: float) -> str | None:
        """None where nothing that was done still goes on."""
        return next((status for d in self.until(t, about) if (status := d.course.status(t - d.t))), None)

    def made(self, operation: str, t: float) -> list[Done]:
        return [d for d in self.until(t) if d.operation == operation]

    def happenings(self, model: Model, since: float, until: float, now: float) -> Iterator[Happening]:
        """After ``since`` and up to ``until``, as far as they have come ``now``."""
        for done in self.until(until):
            for each in done.course.events(done.t):
                if since < each.t <= until and each.seen <= now:
                    yield as_told(done.machine, model.machines, each)


def _entry(done: Done) -> Entry:
    return {**asdict(done), "machine": done.machine.id}


def _done(model: Model, entry: Entry) -> Done | None:
    """None: it was done to somebody who is not in this play."""
    machine = model.machines.get(_named(entry["machine"]))
    if machine is None:
        return None
    target = entry["target"] and _named(entry["target"])
    return Done(**{**entry, "machine": machine, "course": read(entry["course"]), "target": target})


def _named(name: str) -> ResourceId:
    return ResourceId(sanitise(name))
