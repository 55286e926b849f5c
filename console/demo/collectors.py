"""What has no collector of its own yet, behind the same border as any other: the model says what is true now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.collector import Collector
from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.readings import BackupStatus, Reading, ReplicaLag, ResourceId, Wait, Waits
from collectors.safe import Safe, sanitise
from collectors.sqlserver.waits import category
from console.demo.model import Model
from console.demo.played import model_of
from console.demo.scenario.script import FaultKind
from console.specs import Play

Now = Callable[[], datetime]


class DemoCollector(Collector[ResourceId]):
    """Its targets are machines."""

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


Sources = list[tuple[Collector[Any], list[ResourceId]]]


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
