"""What does a database go through, and where in that is it at a time? Nothing runs: all follows from when it began."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from collectors.knock.knock import Door
from collectors.readings import ResourceId
from collectors.safe import sanitise

USUAL = "available"


@dataclass(frozen=True, slots=True)
class Step:
    after: float  # seconds since the course began
    told: str | None = None  # the event of that moment, as AWS words it
    about: ResourceId | None = None  # whom the event is about; the course's own database where there is none
    status: str | None = None  # from then on, until another step says otherwise
    switches: bool = False  # AWS shows another in the role from then on
    of_group: bool = False  # the event is about the replication group of whom it is about
    late_s: float = 0.0  # so much later one can first read the event; its date stays


@dataclass(frozen=True, slots=True)
class Spell:
    """From then on one endpoint's door is so; None: as it usually is."""

    after: float
    endpoint: ResourceId
    door: Door | None


@dataclass(frozen=True, slots=True)
class Told:
    """One event."""

    t: float
    text: str
    about: ResourceId | None
    of_group: bool
    seen: float  # from when on one can read it


@dataclass(frozen=True, slots=True)
class Course:
    """The last step is the end of it: from then on the database is what it usually is."""

    steps: tuple[Step, ...]
    doors: tuple[Spell, ...] = ()  # where nobody is let in meanwhile
    moves: float | None = None  # from then on another has the role, or the same has started anew; AWS shows it later
    safe: float | None = None  # from then on there is one in step that could take over

    @property
    def length(self) -> float:
        return self.steps[-1].after

    @property
    def switches_at(self) -> float | None:
        return next((step.after for step in self.steps if step.switches), None)

    def lasting(self, seconds: float) -> Course:
        """The same, with another end."""
        return replace(self, steps=(*self.steps[:-1], replace(self.steps[-1], after=seconds)))

    def status(self, since: float) -> str | None:
        """``since`` seconds after it began; None before it, when it is over, and where it is as usual again."""
        if not 0 <= since < self.length:
            return None
        found = next((step.status for step in reversed(self.steps) if step.status and step.after <= since), None)
        return None if found == USUAL else found

    def has_switched(self, since: float) -> bool:
        return any(step.switches and step.after <= since for step in self.steps)

    def events(self, begun: float) -> Iterator[Told]:
        for step in self.steps:
            if step.told:
                t = begun + step.after
                yield Told(t, step.told, step.about, step.of_group, t + step.late_s)


def read(entry: Mapping[str, Any]) -> Course:
    """Of what `dataclasses.asdict` has made of one."""
    steps = (Step(**{**each, "about": each["about"] and _named(each["about"])}) for each in entry["steps"])
    doors = (
        Spell(each["after"], _named(each["endpoint"]), each["door"] and Door(each["door"])) for each in entry["doors"]
    )
    return Course(tuple(steps), tuple(doors), entry["moves"], entry["safe"])


def _named(name: str) -> ResourceId:
    return ResourceId(sanitise(name))
