"""What is true of the embedded estate at a time? A pure function of the seed, the start and that time: nothing is kept.

Metrics, waits, lag and backups of a machine follow from one load (`load`), so that they agree with each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial

from collectors.knock.knock import Door
from collectors.readings import ResourceId
from console.demo import comings, metrics
from console.demo.backups import BackupPlan
from console.demo.by_itself import by_itself
from console.demo.cast import Eras, Machines, as_they_are
from console.demo.happenings import RESTORED, Happening, happenings
from console.demo.instances import Activity, Instance
from console.demo.inventory import MACHINES, Machine
from console.demo.load import DAY
from console.demo.metrics import Numbers
from console.demo.scenario.causes import CREATING_S, Strain, strain
from console.demo.scenario.script import NOTHING, Fault, Given, Script, Set, value_of
from console.demo.scenario.told import told, turns_told
from console.demo.stopped import backups_stopped, link_stopped
from console.demo.storage import allocated_gib, used_gib
from console.demo.troupe import Troupe
from console.demo.turns import Turn, Turns
from console.demo.waits import WaitRate, set_waits, waits_at

LAG = "replica.secondary_lag_seconds"
SAME_TIMES = 256
RETENTION = ("BackupRetentionPeriod", "SnapshotRetentionLimit", "RecoveryPeriodInDays")
SERVES = (Door.READ_ONLY, Door.OPEN)
FOLLOWS = ("replica", "reader")
LONGEST_DAYS = 36_500.0  # that a scenario can make of anything


class Model:
    """Times are seconds since 1970; ``start`` is where the play begins, from which volumes fill."""

    def __init__(
        self, seed: int, start: float, machines: Iterable[Machine] = MACHINES, script: Script = NOTHING
    ) -> None:
        self._seed = seed
        self.start = start
        self.waits = lru_cache(SAME_TIMES)(self._waits)  # of the same few times, by every topic
        self._usual = lru_cache(SAME_TIMES)(self._as_usual)
        self._script = script
        self.machines: Mapping[ResourceId, Machine] = {machine.id: machine for machine in machines}
        self._plans = {machine.id: BackupPlan.of(seed, start, machine) for machine in self.machines.values()}
        self._by_itself = tuple(by_itself(script, self.machines))
        self.take(())

    def take(self, turns: Iterable[Turn]) -> None:
        """What was asked of the API until now: all of it, in place of what was taken before."""
        self.turns = Turns((*self._by_itself, *turns))
        made = partial(Troupe.of, self._made)
        self._troupes: Eras[Troupe] = Eras(self.machines, self.turns, lambda turn: turn.moved, made)
        self._shown: Eras[Machines] = Eras(self.machines, self.turns, lambda turn: turn.shown, as_they_are)
        for kept in (self.waits, self._usual):
            kept.cache_clear()

    def _made(self, machine: Machine, source: Instance | None) -> Instance:
        plan = self._plans[machine.id]
        return Instance(self._seed, machine, plan, source, script=self._script, turns=self.turns)

    def as_at(self, about: ResourceId, t: float) -> Machine:
        """With the role that it has then, and with whom it follows."""
        return self._troupes.at(t).machines[about]

    def all_at(self, t: float) -> Machines:
        return self._troupes.at(t).machines

    def shown_at(self, t: float) -> Machines:
        """As AWS shows them, which is a little later."""
        return self._shown.at(t)

    def door(self, endpoint: ResourceId, t: float) -> Door:
        """Of an instance, a node, a cluster, or a replication group."""
        if (door := self.turns.door(endpoint, t)) is not None:
            return door
        machine = self.all_at(t).get(endpoint)
        return Door.READ_ONLY if machine is not None and machine.role in FOLLOWS else Door.OPEN

    def followers(self, about: ResourceId, t: float) -> list[Machine]:
        return [each for each in self.all_at(t).values() if each.source == about]

    def metrics(self, about: ResourceId, t: float) -> Numbers:
        """By CloudWatch's name, as a scenario has set them."""
        numbers = dict(self._usual(about, t))
        for name, held in self._script.at(about, t).sets.items():
            family, _, metric = name.partition(".")
            if family == "cloudwatch":
                numbers[metric] = value_of(name, held, t, partial(self._usual_value, about, metric))
        return numbers

    def _waits(self, about: ResourceId, t: float) -> Mapping[str, WaitRate]:
        instance = self._instance(about, t)
        if instance.is_dark(t):
            return {}
        return set_waits(waits_at(instance, self._seed, t), self._script.at(about, t).sets, t)

    def activity(self, about: ResourceId, t: float) -> Activity:
        """Of a database instance, whatever a scenario has set of what is measured."""
        return self._instance(about, t).activity(t)

    def _instance(self, about: ResourceId, t: float) -> Instance:
        return self._troupes.at(t).instances[about]

    def strain(self, about: ResourceId, t: float) -> Strain:
        return strain(self._script, about, t)

    def lag(self, about: ResourceId, t: float) -> float | None:
        if self.as_at(about, t).source is None:
            return None
        held = self._script.at(about, t).sets.get(LAG)
        usual = partial(self._usual_lag, about)
        behind = usual(t) if held is None else value_of(LAG, held, t, usual)
        return None if behind is None else min(max(behind, 0.0), LONGEST_DAYS * DAY)

    def _usual_lag(self, about: ResourceId, t: float) -> float | None:
        machine, stopped = self.as_at(about, t), link_stopped(self.set_of(about, t))
        if stopped is not None and stopped < t:
            before = self._usual_lag(about, min(stopped, t) - 1e-3)
            return None if before is None else before + t - stopped
        if machine.kind == "cache":
            return metrics.cache_lag(machine, self._seed, t) + self._behind(about, t)
        return self._instance(about, t).lag(t)

    def serves(self, about: ResourceId, t: float) -> bool:
        """Whether a client can connect."""
        return self.exists(about, t) and self.door(about, t) in SERVES

    def plan(self, about: ResourceId) -> BackupPlan:
        return self._plans[about]

    def retention_days(self, about: ResourceId, t: float) -> float:
        told = self.api(about, t)
        days = next((told[name] for name in RETENTION if name in told), self.as_at(about, t).retention_days)
        return min(_seconds(days) or 0.0, LONGEST_DAYS)

    def restorable_until(self, about: ResourceId, t: float) -> float | None:
        described = self.api(about, t)
        for field in ("LatestRestorableTime", "LatestRestorableDateTime"):
            if field in described:
                return _seconds(described[field])
        plan, stopped = self._plans[about], backups_stopped(self.set_of(about, t))
        was_promoted = any(turn.is_promotion and turn.moved <= t for turn in self.turns.of(about))
        if was_promoted and not self.machines[about].retention_days:
            ends = self.first_backup(about, t)
            return None if ends is None else max(ends, plan.log_until(t - plan.upload))
        usual = plan.restorable_until(t)
        return usual if usual is None or stopped is None else min(usual, plan.log_until(stopped))

    def first_backup(self, about: ResourceId, t: float) -> float | None:
        """When that of one that was promoted ended; None: it is not there yet, or nobody wants it."""
        ended = (turn.begun + turn.course.length for turn in self.turns.of(about) if turn.is_promotion)
        return next((each for each in ended if each <= t and self.retention_days(about, each)), None)

    def newest_snapshot(self, about: ResourceId, t: float) -> float | None:
        held = self._script.at(about, t).sets.get("backup.last_snapshot")
        if held is None:
            return self._plans[about].newest_snapshot(t)
        return _seconds(held.setting.value) if isinstance(held.setting, Given) else None

    def exists(self, about: ResourceId, t: float) -> bool:
        return about in self.machines and comings.exists(self._script, about, t)

    def az(self, about: ResourceId, t: float) -> str:
        """As AWS shows it."""
        standby = self.machines[about].standby_az
        return standby if standby and self.turns.is_shown_swapped(about, t) else self.machines[about].az

    def standby_az(self, about: ResourceId, t: float) -> str | None:
        machine = self.machines[about]
        return machine.az if machine.standby_az and self.turns.is_shown_swapped(about, t) else machine.standby_az

    def api(self, about: ResourceId, t: float) -> Mapping[str, object]:
        """What a scenario has set of the describe call, by the call's own names."""
        return {
            (field := name.partition(".")[2]): _described(name, held, t, partial(self._moving, about, field))
            for name, held in self._script.at(about, t).sets.items()
            if name.startswith("api.")
        }

    def begins(self, about: ResourceId, cause: str) -> list[float]:
        """When a cause comes, each time it does."""
        return self._script.begins(about, cause)

    def since(self, about: ResourceId, cause: str, t: float) -> float | None:
        """For how many seconds a cause has held; None where it does not."""
        return self._script.since(about, cause, t)

    def set_of(self, about: ResourceId, t: float) -> Mapping[str, Set]:
        """All that a scenario has set of it, by the observables' names."""
        return self._script.at(about, t).sets

    def changes(self, about: ResourceId) -> Sequence[float]:
        """When a scenario sets anything of it or clears it."""
        return self._script.changes(about)

    def faults(self, t: float) -> tuple[Fault, ...]:
        return self._script.faults(t)

    def status(self, about: ResourceId, t: float) -> str:
        causes = self._script.at(about, t).causes
        if comings.deleted_since(self._script, about, t) is not None:
            return "deleting"
        if "instance-created" in causes and t - causes["instance-created"] < CREATING_S:
            return "creating"
        if turning := self.turns.status(about, t):
            return turning
        if "storage-filling" in causes and strain(self._script, about, t)("storage-filling") >= 1:
            return "storage-full"
        if self._plans[about].running(t):
            return "snapshotting" if self.machines[about].kind == "cache" else "backing-up"
        return "active" if self.machines[about].kind == "table" else "available"

    def allocated_gib(self, about: ResourceId, t: float) -> float | None:
        """Of its own volume; None where it has none."""
        machine = self.machines[about]
        if not machine.storage_gib:
            return None
        return allocated_gib(machine, used_gib(self._seed, self.start, machine, t))

    def free_gib(self, about: ResourceId, t: float) -> float | None:
        allocated = self.allocated_gib(about, t)
        if allocated is None:
            return None
        free = allocated - used_gib(self._seed, self.start, self.machines[about], t)
        return free * (1 - strain(self._script, about, t)("storage-filling"))

    def happenings(self, since: float, until: float) -> list[Happening]:
        """After ``since`` and up to ``until``, in their order."""
        each = [self._happenings(machine, since, until) for machine in self.machines.values()]
        scripted = told(self._script, self.machines, since, until)
        turned = turns_told(self._by_itself, self.machines, since, until)
        return sorted([*(h for found in each for h in found), *scripted, *turned], key=lambda h: h.t)

    def _happenings(self, machine: Machine, since: float, until: float) -> list[Happening]:
        found = happenings(self._seed, machine, self._plans[machine.id], since, until)
        unproved = self.since(machine.id, "restore-unproved", until) is not None
        return [each for each in found if not (unproved and each.text.startswith(RESTORED))]

    def _as_usual(self, about: ResourceId, t: float) -> Mapping[str, float | None]:
        machine = self.as_at(about, t)
        match machine.kind:
            case "instance":
                return metrics.of_instance(self._instance(about, t), t, self.free_gib(about, t))
            case "cluster":
                writer, reader = self._troupes.at(t).members[about]
                return metrics.of_cluster(writer, reader, self._seed, t, (t - self.start) / 3600)
            case "cache":
                burden = strain(self._script, about, t)
                behind, serves = self._behind(about, t), self.door(about, t) in SERVES
                return metrics.of_cache(machine, self._seed, t, burden, behind, serves=serves)
            case _:
                return metrics.of_table(machine, self._seed, t, strain(self._script, about, t))

    def _moving(self, about: ResourceId, field: str, t: float) -> float | None:
        """What a number of the describe call usually is, for one that is relative to it."""
        machine = self.machines[about]
        match field:
            case "AllocatedStorage":
                return self.allocated_gib(about, t)
            case "BackupRetentionPeriod":
                return machine.retention_days
            case "Iops":
                return machine.iops
        return None

    def _usual_value(self, about: ResourceId, metric: str, t: float) -> float | None:
        return self._usual(about, t).get(metric)

    def _behind(self, about: ResourceId, t: float) -> float:
        return 0.5 * (self._script.since(about, "replica-behind", t) or 0.0)


def _described(name: str, held: Set, t: float, usual: Callable[[float], float | None]) -> object:
    """A number that moves is one of the moment; the rest is as it is written."""
    if isinstance(held.setting, Given):
        return held.setting.value
    return value_of(name, held, t, usual)


def _seconds(value: object) -> float | None:
    """Of a time that a scenario has set."""
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value) if isinstance(value, int | float) else None
