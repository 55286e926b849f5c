"""The embedded estate without its emulator: what AWS would say, from the model, for tests that are about else."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.aws.metrics import metrics
from collectors.collector import Collector
from collectors.readings import BackupStatus, Described, Happened, Metric, Reading, ResourceId
from collectors.redis.all import collectors as of_redis
from collectors.safe import Safe, sanitise
from collectors.sqlserver.all import collectors
from collectors.sqlserver.asking import Servers
from collectors.sqlserver.collector import Now, SqlServerCollector
from collectors.sqlserver.queries.collector import TopQueries
from console.demo.inventory import ACCOUNT, ESTATE, REGION, Machine
from console.demo.model import Model
from console.demo.redis.caches import ModelCaches
from console.demo.sqlserver.server import ModelServers

PERIOD_S = 60
HISTORY_S = 3 * 3600  # what a chart shows at once
EVENTS_S = 3600  # what RDS tells without being asked for more
NAMESPACES = {"cache": "AWS/ElastiCache", "table": "AWS/DynamoDB"}


Sources = list[tuple[Collector[Any], list[ResourceId]]]


class FromModel(Collector[ResourceId]):
    """Its targets are machines."""

    def __init__(self, model: Model, now: Now) -> None:
        self._model, self._now = model, now


class Inventory(FromModel):
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
                tags=((Safe("app"), sanitise(machine.app)), (Safe("estate"), ESTATE)),
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


class OftenQueries(TopQueries):
    """At its own pace a minute of play would have one look, and so nothing to compare it with."""

    every = timedelta(seconds=20)


class CloudWatch(FromModel):
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
        for reading in self._metrics(target, oldest, newest):
            yield reading
        self._given[target] = newest

    def _metrics(self, target: ResourceId, oldest: int, newest: int) -> Iterator[Metric]:
        facts, namespace = metrics(), NAMESPACES.get(self._model.machines[target].kind, "AWS/RDS")
        for end in range(oldest + PERIOD_S, newest + 1, PERIOD_S):
            observed = _time(end)
            for name, value in self._model.metrics(target, end - PERIOD_S / 2).items():
                fact = facts[namespace, name]
                if end % fact.period.total_seconds() == 0:
                    yield Metric(target, observed, Safe(f"cloudwatch.{name}"), value, fact.unit)


class Events(FromModel):
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


class Backups(FromModel):
    """One BackupStatus for each pass."""

    name = "backups"
    every = timedelta(minutes=1)
    needs = ("rds:DescribeDBInstances", "rds:DescribeDBSnapshots")

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        model, now = self._model, self._now()
        t = now.timestamp()
        times = (model.restorable_until(target, t), model.newest_snapshot(target, t), model.plan(target).restore_proved)
        until, newest, proved = (None if found is None else _time(found) for found in times)
        yield BackupStatus(target, now, timedelta(days=model.retention_days(target, t)), until, newest, proved)


def demo_sources(seed: int, start: datetime, now: Now) -> Sources:
    """Every collector of the embedded estate with its targets; the inventory first: names come before numbers."""
    model = Model(seed, start.timestamp())
    machines = list(model.machines.values())
    servers = ModelServers(model, now)
    sql_servers = [m.id for m in machines if m.engine.startswith("sqlserver")]
    caches = ModelCaches(model, now)
    estate = [ResourceId(ESTATE)]
    return [
        (Inventory(model, now), estate),
        (CloudWatch(model, now), [m.id for m in machines]),
        *((_often(collector, servers, now), sql_servers) for collector in collectors(servers, now)),
        *((collector, list(caches.known)) for collector in of_redis(caches, now)),
        (Backups(model, now), [m.id for m in machines if m.retention_days]),
        (Events(model, now), estate),
    ]


def _often(collector: SqlServerCollector, servers: Servers, now: Now) -> SqlServerCollector:
    return OftenQueries(servers, now) if isinstance(collector, TopQueries) else collector


def _time(t: float) -> datetime:
    return datetime.fromtimestamp(t, UTC)
