"""What does a database go through when it restarts or fails over, and where in that is it at a time?

A course is a script of what follows, in its order. Nothing runs: what is true at a time follows from when it began.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from collectors.readings import ResourceId
from console.demo.noise import key, uniform


@dataclass(frozen=True, slots=True)
class Step:
    after: float  # seconds since the course began
    told: str | None = None  # the event of that moment, as RDS words it
    about: ResourceId | None = None  # whom the event is about; the course's own database where there is none
    status: str | None = None  # from then on, until another step says otherwise
    switches: bool = False  # another node has the role from then on


@dataclass(frozen=True, slots=True)
class Course:
    """The last step is the end of it: from then on the database is what it usually is."""

    steps: tuple[Step, ...]

    @property
    def length(self) -> float:
        return self.steps[-1].after

    def lasting(self, seconds: float) -> Course:
        """The same, with another end."""
        return Course((*self.steps[:-1], replace(self.steps[-1], after=seconds)))

    def status(self, since: float) -> str | None:
        """``since`` seconds after it began; None before it and when it is over."""
        if not 0 <= since < self.length:
            return None
        return next((step.status for step in reversed(self.steps) if step.status and step.after <= since), None)

    def has_switched(self, since: float) -> bool:
        return any(step.switches and step.after <= since for step in self.steps)

    def events(self, begun: float) -> Iterator[tuple[float, str, ResourceId | None]]:
        return ((begun + step.after, step.told, step.about) for step in self.steps if step.told)


def _scattered(about: str, begun: float, *usual: float) -> tuple[float, ...]:
    """Half as long up to half as long again, in the same order."""
    factor = 0.5 + uniform(key(about, begun, "course"), 0)
    return tuple(round(factor * seconds, 3) for seconds in usual)


def restart(about: str, begun: float) -> Course:
    stops, starts, over = _scattered(about, begun, 8, 38, 52)
    return Course(
        (
            Step(0, status="rebooting"),
            Step(stops, told="DB instance shutdown"),
            Step(starts, told="DB instance restarted"),
            Step(over),
        )
    )


def failover(about: str, begun: float) -> Course:
    """To the standby of a Multi-AZ instance. The zones change places late: until then AWS shows the old ones."""
    starts, restarted, completed, switched, over = _scattered(about, begun, 6, 44, 72, 78, 90)
    return Course(
        (
            Step(0, status="rebooting"),
            Step(starts, told="Multi-AZ instance failover started"),
            Step(restarted, told="DB instance restarted"),
            Step(completed, told="Multi-AZ instance failover completed"),
            Step(switched, switches=True),
            Step(over),
        )
    )


def cluster_failover(about: str, begun: float, writer: ResourceId, reader: ResourceId, *, crosses: bool) -> Course:
    """Of an Aurora cluster to one of its readers: the volume is there already, so it is over sooner."""
    starts, stops, switched, restarted, completed, over = _scattered(about, begun, 2, 5, 12, 18, 24, 30)
    where = "cross" if crosses else "same"
    return Course(
        (
            Step(0, status="failing-over"),
            Step(starts, told=f"Started {where} AZ failover to DB instance: {reader}"),
            Step(stops, told="DB instance shutdown", about=writer),
            Step(switched, switches=True),
            Step(restarted, told="DB instance restarted", about=writer),
            Step(completed, told=f"Completed failover to DB instance: {reader}"),
            Step(over),
        )
    )


def snapshot(about: str, begun: float, *, told: tuple[str, str], seconds: float, status: str = "backing-up") -> Course:
    """Taken by hand; ``told`` when it begins and when it is there. The database serves meanwhile."""
    (over,) = _scattered(about, begun, seconds)
    return Course((Step(0, told=told[0] or None, status=status or None), Step(over, told=told[1] or None)))
