"""The embedded estate behind the same border as any other: collectors that ask the model what is true now."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.aws.metrics import metrics
from collectors.collector import Collector
from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.readings import (
    BackupStatus,
    Described,
    Happened,
    Metric,
    Reading,
    ReplicaLag,
    ResourceId,
    Wait,
    Waits,
)
from collectors.safe import Safe, sanitise
from collectors.sqlserver.waits import category
from console.demo.inventory import ACCOUNT, ESTATE, REGION, Machine
from console.demo.model import Model
from console.demo.played import model_of
from console.demo.scenario.script import FaultKind
from console.specs import Play

PERIOD_S = 60
HISTORY_S = 3 * 3600  # what a chart shows at once
EVENTS_S = 3600  # what RDS tells without being asked for more
NAMESPACES = {"cache": "AWS/ElastiCache", "table": "AWS/DynamoDB"}
Now = Callable[[], datetime]


class DemoCollector(Collector[ResourceId]):
    """Its targets are machines, but for what asks after all of them at once: its one target is the estate."""

    def __init__(self, model: Model, now: Now) -> None:
        self._model = model
        self._now = now

    async def _reach(self, target: ResourceId) -> None:
        """As its faults allow at this moment."""
        for fault in self._model.faults(self._now().timestamp()):
            if fault.resource in (None, target) and fault.collector in (None, self.name):
                await _meet(fault.kind, f"{self.name} of {target}")


async def _meet(kind: FaultKind, what: str) -> None:
    """What a client would see of it."""
    match kind:
        case "hang":
            await asyncio.Event().wait()
        case "throttle":
            raise Throttled(f"{what}: it is asked too often.", mend="It is asked less often for a while.")
        case "access-denied":
            grant = "VIEW SERVER STATE"
            raise Denied(f"{what}: the login may not ask.", grant=grant, mend=f"Grant {grant} to it.")
        case "expired-token":
            raise Expired(f"{what}: the password is no longer good.", mend="Rotate it, and store the new one.")
        case "refuse" | "drop":
            said = "the connection was refused" if kind == "refuse" else "the connection was reset"
            raise CannotCollect(f"{what}: {said}.", mend="Look at the network and the security group.")


class Inventory(DemoCollector):
    """One Described for each machine of the estate."""

    name = "inventory"
    every = timedelta(minutes=1)
    needs = ("rds:DescribeDBInstances", "rds:DescribeDBClusters", "elasticache:DescribeReplicationGroups")

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        now = self._now()
        for machine in self._model.machines.values():
            yield Described(
                about=machine.id,
                observed=now,
                kind=sanitise(machine.kind),
                engine=sanitise(machine.engine),
                role=sanitise(machine.role),
                status=sanitise(self._model.status(machine.id, now.timestamp())),
                az=sanitise(machine.az),
                region=REGION,
                account=ACCOUNT,
                cluster=machine.cluster,
                facts=tuple((Safe(name), sanitise(fact)) for name, fact in self._facts(machine, now) if fact),
            )

    def _facts(self, machine: Machine, now: datetime) -> Iterator[tuple[str, str]]:
        """By the names that the describe calls use; empty where a machine has no such thing."""
        allocated = self._model.allocated_gib(machine.id, now.timestamp())
        yield "DBInstanceClass", machine.klass if machine.kind == "instance" else ""
        yield "CacheNodeType", machine.klass if machine.kind == "cache" else ""
        yield "EngineVersion", machine.version
        yield "AllocatedStorage", f"{allocated:.0f} GiB" if allocated else ""
        yield "StorageType", machine.storage_type
        yield "Iops", str(machine.iops) if machine.storage_type in ("io1", "gp3") else ""
        yield "SecondaryAvailabilityZone", machine.standby_az or ""


class CloudWatch(DemoCollector):
    """Each metric of each period that has ended since the last pass; of three hours in the first."""

    name = "cloudwatch"
    every = timedelta(seconds=PERIOD_S)
    needs = ("cloudwatch:GetMetricData",)

    def __init__(self, model: Model, now: Now) -> None:
        super().__init__(model, now)
        self._given: dict[ResourceId, int] = {}  # the end of the last period that a machine's metrics were given for

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        newest = math.floor(self._now().timestamp() / PERIOD_S) * PERIOD_S
        oldest = max(newest - HISTORY_S, self._given.get(target, 0))
        facts, namespace = metrics(), NAMESPACES.get(self._model.machines[target].kind, "AWS/RDS")
        for end in range(oldest + PERIOD_S, newest + 1, PERIOD_S):
            observed = _time(end)
            for name, value in self._model.metrics(target, end - PERIOD_S / 2).items():
                fact = facts[namespace, name]
                if end % fact.period.total_seconds() == 0:
                    yield Metric(target, observed, Safe(f"cloudwatch.{name}"), value, fact.unit)
        self._given[target] = newest


class WaitStats(DemoCollector):
    """One Waits for each pass. As rates: the counters behind them come with a real server."""

    name = "waits"
    every = timedelta(seconds=5)
    needs = ("VIEW SERVER STATE",)

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        await self._reach(target)
        now = self._now()
        rates = self._model.waits(target, now.timestamp())
        rows = (
            Wait(Safe(name), category(name), rate.ms_per_s, rate.tasks_per_s, rate.signal_percent)
            for name, rate in rates.items()
        )
        yield Waits(target, now, tuple(rows))


class Lag(DemoCollector):
    """One ReplicaLag for each pass."""

    name = "replica-lag"
    every = timedelta(seconds=5)

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        await self._reach(target)
        now = self._now()
        machine = self._model.machines[target]
        behind = self._model.lag(target, now.timestamp())
        state = "up" if machine.kind == "cache" else "replicating"
        lag = None if behind is None else timedelta(seconds=behind)
        yield ReplicaLag(target, now, machine.source, lag, sanitise(state))


class Backups(DemoCollector):
    """One BackupStatus for each pass."""

    name = "backups"
    every = timedelta(minutes=1)
    needs = ("rds:DescribeDBInstances", "rds:DescribeDBSnapshots")

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        await self._reach(target)
        now = self._now()
        plan, t = self._model.plan(target), now.timestamp()
        yield BackupStatus(
            about=target,
            observed=now,
            retention=timedelta(days=self._model.machines[target].retention_days),
            restorable_until=_maybe(plan.restorable_until(t)),
            newest_snapshot=_maybe(plan.newest_snapshot(t)),
            restore_proof=_maybe(plan.restore_proved),
        )


class Events(DemoCollector):
    """What happened since the last pass; in the last hour for the first."""

    name = "events"
    every = timedelta(minutes=1)
    needs = ("rds:DescribeEvents",)

    def __init__(self, model: Model, now: Now) -> None:
        super().__init__(model, now)
        self._told: float | None = None

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        until = self._now().timestamp()
        since = until - EVENTS_S if self._told is None else self._told
        for each in self._model.happenings(since, until):
            yield Happened(each.machine.id, _time(each.t), sanitise(each.text), each.severity, sanitise(each.source))
        self._told = until


Sources = list[tuple[Collector[Any], list[ResourceId]]]


def demo_sources(seed: int, start: datetime, now: Now) -> Sources:
    """Every collector of the embedded estate with its targets; the inventory first: names come before numbers."""
    model = Model(seed, start.timestamp())
    machines = list(model.machines.values())
    estate = [ResourceId(ESTATE)]
    return [
        (Inventory(model, now), estate),
        (CloudWatch(model, now), [m.id for m in machines]),
        (WaitStats(model, now), [m.id for m in machines if m.engine.startswith("sqlserver")]),
        (Lag(model, now), [m.id for m in machines if m.source is not None]),
        (Backups(model, now), [m.id for m in machines if m.retention_days]),
        (Events(model, now), estate),
    ]


def model_sources(play: Play, now: Now) -> Sources:
    """What has no collector of its own yet: it answers from the model that the emulator answers from."""
    model = model_of(play.scenario, seed=play.seed, size=play.size, start=play.start)
    machines = list(model.machines.values())
    return [
        (WaitStats(model, now), [m.id for m in machines if m.engine.startswith("sqlserver")]),
        (Lag(model, now), [m.id for m in machines if m.source is not None]),
        (Backups(model, now), [m.id for m in machines if m.retention_days]),
    ]


def _time(t: float) -> datetime:
    return datetime.fromtimestamp(t, UTC)


def _maybe(t: float | None) -> datetime | None:
    return None if t is None else _time(t)
