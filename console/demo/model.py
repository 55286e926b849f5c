"""What is true of the embedded estate at a time? A pure function of the seed, the start, that time, and who has turned.

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
from console.demo.happenings import RESTORED, Happening, happenings
from console.demo.instances import Activity
from console.demo.inventory import MACHINES, Machine
from console.demo.load import DAY
from console.demo.metrics import Numbers
from console.demo.parts import SAME_TIMES, Parts
from console.demo.scenario.causes import CREATING_S, Strain, strain
from console.demo.scenario.script import NOTHING, Fault, Given, Script, Set, value_of
from console.demo.scenario.told import told, turns_told
from console.demo.stopped import backups_stopped, link_stopped
from console.demo.storage import allocated_gib, used_gib
from console.demo.waits import WaitRate, set_waits, waits_at

LAG = "replica.secondary_lag_seconds"
RETENTION = ("BackupRetentionPeriod", "SnapshotRetentionLimit", "RecoveryPeriodInDays")
SERVES = (Door.READ_ONLY, Door.OPEN)
LONGEST_DAYS = 36_500.0  # that a scenario can make of anything


class Model(Parts):
    """Times are seconds since 1970; ``start`` is where the play begins, from which volumes fill."""

    def __init__(
        self, seed: int, start: float, machines: Iterable[Machine] = MACHINES, script: Script = NOTHING
    ) -> None:
        self.waits = lru_cache(SAME_TIMES)(self._waits)  # of the same few times, by every topic
        self._usual = lru_cache(SAME_TIMES)(self._as_usual)
        super().__init__(seed, start, machines, script)

    def _cast(self) -> None:
        super()._cast()
        for kept in (self.waits, self._usual):
            kept.cache_clear()

    def metrics(self, about: ResourceId, t: float) -> Numbers:
        """By CloudWatch's name, as a scenario has set them."""
        numbers = dict(self._usual(about, t))
        for name, held in self._script.at(about, t).sets.items():
            family, _, metric = name.partition(".")
            if family == "cloudwatch":
                numbers[metric] = value_of(name, held, t, partial(self._usual_value, about, metric))
        return numbers

    def _waits(self, about: ResourceId, t: float) -> Mapping[str, WaitRate]:
        instance = self._troupe(t).instances[about]
        if instance.is_dark(t):
            return {}
        return set_waits(waits_at(instance, self._seed, t), self._script.at(about, t).sets, t)

    def activity(self, about: ResourceId, t: float) -> Activity:
        """Of a database instance, whatever a scenario has set of what is measured."""
        return self._troupe(t).instances[about].activity(t)

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
        return self._troupe(t).instances[about].lag(t)

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
                return metrics.of_instance(self._troupe(t).instances[about], t, self.free_gib(about, t))
            case "cluster":
                writer, reader = self._troupe(t).members[about]
                return metrics.of_cluster(writer, reader, self._seed, t, (t - self.start) / 3600)
            case "cache":
                burden = strain(self._script, about, t)
                behind, serves = self._behind(about, t), self.door(about, t) in SERVES
                gone = self.gone(about, t)
                return metrics.of_cache(machine, self._seed, t, burden, behind, serves=serves, gone=gone)
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
