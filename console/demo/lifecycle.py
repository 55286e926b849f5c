"""What follows when a database restarts, fails over, is promoted or is saved, and when does each of it come?

What the API is asked for and what a scenario brings about are the same courses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from collectors.knock.knock import Door
from collectors.readings import ResourceId
from console.demo.course import USUAL, Course, Spell, Step
from console.demo.inventory import Machine
from console.demo.noise import key, uniform
from console.demo.ways import Ways

AS_USUAL: Final = Ways()
FOR_EVER = 3650 * 86_400.0
LATE_S = 3600.0
STARTED, COMPLETED = "Multi-AZ instance failover started", "Multi-AZ instance failover completed"
PROPAGATES = "Multi-AZ failover to standby complete - DNS propagation may take a few minutes"
REQUESTED = "The user requested a failover of the DB instance."
RESTARTED, SHUTDOWN = "DB instance restarted", "DB instance shutdown"
NOT_ATTEMPTED = (
    "Amazon RDS is not attempting a requested failover because a failover recently occurred on the DB instance."
)
TERMINATED = "Replication for the Read Replica was terminated"
BACKED_UP = ("Backing up DB instance", "Finished DB Instance backup")
BY_ITSELF = (0.0, 45.0, 28.0, 2.0, 35.0, 30.0)  # dark after, dark, recovering, read only, swapped after that, in step


@dataclass(frozen=True, slots=True)
class _Outage:
    """Seconds since the course began. ``opens``: when the endpoint is open again; never: for ever."""

    dark: float
    recovers: float
    reads: float
    opens: float
    never: bool

    def spells(self, endpoint: ResourceId) -> Iterator[Spell]:
        yield Spell(self.dark, endpoint, Door.DARK)
        if self.recovers < self.reads or self.never:
            yield Spell(self.recovers, endpoint, Door.RECOVERING)
        if self.reads < self.opens and not self.never:
            yield Spell(self.reads, endpoint, Door.READ_ONLY)
        if not self.never:
            yield Spell(self.opens, endpoint, None)


def _outage(ways: Ways, after: float, dark: float, recovery: float, read_only: float) -> _Outage:
    """By the way that is set, else by what is usual."""
    recovers = after + _or(ways.dark_s, dark)
    reads = recovers + _or(ways.recovery_s, recovery)
    return _Outage(after, recovers, reads, reads + _or(ways.read_only_s, read_only), ways.never_ends)


def _or(said: float | None, usual: float) -> float:
    return usual if said is None else said


def _scattered(about: str, begun: float, *usual: float) -> tuple[float, ...]:
    """Half as long up to half as long again, in the same order."""
    factor = 0.5 + uniform(key(about, begun, "course"), 0)
    return tuple(round(factor * seconds, 3) for seconds in usual)


def restart(machine: Machine, begun: float) -> Course:
    stops, starts, over = _scattered(machine.id, begun, 8, 38, 52)
    recovers = round((stops + 2 * starts) / 3, 3)
    steps = (
        Step(0, status="rebooting"),
        Step(stops, told=SHUTDOWN),
        Step(starts, told=RESTARTED),
        Step(over),
    )
    outage = _Outage(stops, recovers, starts, starts, never=False)
    return Course(steps, tuple(outage.spells(machine.id)), moves=recovers)


def failover(machine: Machine, begun: float, ways: Ways = AS_USUAL, *, by_itself: bool = False) -> Course:
    """To the standby of a Multi-AZ instance. The zones change places late: until then AWS shows the old ones."""
    if ways.not_attempted and not by_itself:
        return Course((Step(0), Step(2, told=NOT_ATTEMPTED), Step(3)))
    usual = BY_ITSELF if by_itself else _scattered(machine.id, begun, 4, 24, 14, 2, 34, 30)
    dark, dark_s, recovery_s, read_only_s, swap_s, sync_s = usual
    outage = _outage(ways, dark, dark_s, recovery_s, read_only_s)
    status = Step(0, status="failing-over" if by_itself else "rebooting")
    if ways.never_ends:
        found = _told([Step(dark + 2, told=STARTED)], ways)
        return Course(_ordered(status, *found, Step(FOR_EVER)), tuple(outage.spells(machine.id)), outage.recovers)
    switched = Step(outage.opens + _or(ways.swap_s, swap_s), switches=True)
    texts = _itself(outage) if by_itself else _requested(machine, outage, swap_s)
    over = Step(outage.opens if by_itself else outage.opens + 1.3 * swap_s, status=USUAL)
    steps = _ordered(status, *_told(texts, ways), switched, over)
    safe = outage.opens + _or(ways.standby_sync_s, sync_s)
    return Course(_ended(steps), tuple(outage.spells(machine.id)), outage.recovers, safe)


def _itself(outage: _Outage) -> list[Step]:
    times = ((2.0, f"{STARTED}."), (max(2.0, outage.opens - 20), RESTARTED), (outage.opens, COMPLETED))
    return [Step(after, told=text) for after, text in times]


def _requested(machine: Machine, outage: _Outage, swap_s: float) -> list[Step]:
    """In the order of that engine."""
    completed = outage.opens + 0.5 * swap_s
    texts = [(outage.dark, STARTED), (completed, COMPLETED)]
    if machine.engine.startswith("sqlserver"):
        texts.append((completed + 7.0, PROPAGATES))
    else:
        texts += [(completed + 4.0, REQUESTED), (completed + 8.0, RESTARTED)]
    return [Step(after, told=text) for after, text in texts]


def cluster_failover(
    cluster: Machine, begun: float, writer: ResourceId, reader: ResourceId, ways: Ways = AS_USUAL, *, crosses: bool
) -> Course:
    """Of an Aurora cluster to one of its readers: the volume is there already, so it is over sooner."""
    starts, stops, dark_s, recovery_s, read_only_s, restarts = _scattered(cluster.id, begun, 2, 5, 5, 2, 3, 18)
    outage = _outage(ways, stops, dark_s, recovery_s, read_only_s)
    where = "cross" if crosses else "same"
    started = Step(starts, told=f"Started {where} AZ failover to DB instance: {reader}")
    shutdown = Step(stops, told=SHUTDOWN, about=writer)
    doors = tuple(outage.spells(cluster.id))
    if ways.never_ends:
        steps = (Step(0, status="failing-over"), *_told([started, shutdown], ways), Step(FOR_EVER))
        return Course(_ordered(*steps), (*doors, Spell(stops, writer, Door.DARK)))
    back = max(outage.opens, restarts)
    told = [
        *(started, shutdown),
        Step(back, told=RESTARTED, about=writer),
        Step(back + 4, told=f"Completed failover to DB instance: {reader}"),
    ]
    switched = Step(outage.opens + _or(ways.swap_s, 0.5), switches=True)
    over = Step(back + 8, status=USUAL)
    steps = _ordered(Step(0, status="failing-over"), *_told(told, ways), switched, over)
    safe = back + _or(ways.standby_sync_s, 4.0)
    old = _Outage(stops, (stops + back) / 2, back, back, never=False).spells(writer)
    return Course(_ended(steps), (*doors, *old), outage.reads, safe)


def cache_failover(
    primary: Machine, begun: float, replica: ResourceId, ways: Ways = AS_USUAL, *, by_itself: bool = False
) -> Course:
    """Of one shard of a replication group: a replica takes over, and the old primary is replaced."""
    after, dark_s, replaces, finishes = _scattered(primary.id, begun, 4, 14, 40, 170)
    group = primary.cluster or primary.id
    outage = _outage(ways, after, dark_s, 0.0, 0.0)
    called = Step(0.5, told="Test Failover API called for node group 0001", of_group=True)
    modifying = Step(0, status="modifying")
    first = [] if by_itself else [called]
    doors = tuple(outage.spells(group))
    if ways.never_ends:
        steps = (modifying, *_told(first, ways), Step(FOR_EVER))
        return Course(_ordered(*steps), (*doors, Spell(after, primary.id, Door.DARK)))
    replaced = outage.opens + replaces
    finished = outage.opens + _or(ways.standby_sync_s, finishes)
    completed = f"Failover from primary node {primary.id} to replica node {replica} completed"
    told = [
        *first,
        *(Step(outage.opens + 3, told=completed), Step(outage.opens + 3.5, told=completed, of_group=True)),
        Step(min(replaced, finished), told="Recovering cache nodes 0001"),
        Step(finished, told="Finished recovery for cache nodes 0001"),
    ]
    switched = Step(outage.opens + _or(ways.swap_s, 1.0), switches=True)
    over = Step(finished + 1, status=USUAL)
    old = _Outage(after, (replaced + finished) / 2, finished, finished, never=False).spells(primary.id)
    steps = _ordered(modifying, *_told(told, ways), switched, over)
    return Course(_ended(steps), (*doors, *old), outage.reads, finished)


def promotion(machine: Machine, begun: float, ways: Ways = AS_USUAL, *, backs_up: bool) -> Course:
    """A read replica becomes a database of its own: it restarts once, and is backed up where it shall be."""
    terminated, after, dark_s, recovery_s, saves, over = _scattered(machine.id, begun, 18, 20, 15, 12, 20, 60)
    outage = _outage(ways, after, dark_s, recovery_s, 0.0)
    doors = tuple(outage.spells(machine.id))
    first = [Step(terminated, told=TERMINATED), Step(after, told=SHUTDOWN)]
    begins = (Step(0, status="modifying"), Step(after, status="rebooting"))
    if ways.never_ends:
        return Course(_ordered(*begins, *_told(first, ways), Step(FOR_EVER)), doors, outage.recovers)
    told = [*first, Step(outage.opens, told=RESTARTED)]
    end = outage.opens + (saves + over if backs_up else 5.0)
    if backs_up:
        told += [Step(outage.opens + saves, told=BACKED_UP[0]), Step(end, told=BACKED_UP[1])]
    saving = [Step(outage.opens + saves, status="backing-up")] if backs_up else []
    switched = Step(outage.opens + _or(ways.swap_s, 2.0), status="modifying", switches=True)
    steps = _ordered(*begins, *_told(told, ways), switched, *saving, Step(end, status=USUAL))
    return Course(_ended(steps), doors, outage.recovers)


def snapshot(about: str, begun: float, *, told: tuple[str, str], seconds: float, status: str = "backing-up") -> Course:
    """Taken by hand; ``told`` when it begins and when it is there. The database serves meanwhile."""
    (over,) = _scattered(about, begun, seconds)
    return Course((Step(0, told=told[0] or None, status=status or None), Step(over, told=told[1] or None)))


def _told(steps: list[Step], ways: Ways) -> list[Step]:
    """The events as AWS lets them come."""
    match ways.events:
        case "missing":
            return []
        case "doubled":
            return [each for step in steps for each in (step, replace(step, after=step.after + 1.0))]
        case "disordered":  # the last is dated first
            times = reversed([step.after for step in steps])
            return [replace(step, after=after) for step, after in zip(steps, times, strict=True)]
        case "late":
            return [replace(step, late_s=LATE_S) for step in steps]
    return steps


def _ordered(*steps: Step) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: step.after))


def _ended(steps: Iterable[Step]) -> tuple[Step, ...]:
    """With an end behind the last that happens: there it is still to be read."""
    found = tuple(steps)
    return (*found, Step(found[-1].after))
