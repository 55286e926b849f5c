"""What has no collector of its own yet, behind the same border as any other: the model says what is true now."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

from collectors.collector import Collector
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.safe import sanitise
from console.demo.faults import fail_by, meet
from console.demo.model import Model
from console.demo.played import model_of
from console.demo.sqlserver.server import ModelServers
from console.specs import Play

Now = Callable[[], datetime]


class DemoCollector(Collector[ResourceId]):
    """Its targets are machines."""

    def __init__(self, model: Model, now: Now) -> None:
        self._model = model
        self._now = now


class Answering(DemoCollector):
    """One reading for each pass. A machine that is gone, or not made yet, is not asked: the inventory says so."""

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        now = self._now()
        if not self._model.exists(target, now.timestamp()):
            return
        await meet(self._model, target, self.name, self.needs[0], self._now)
        if not self._model.serves(target, now.timestamp()):
            await fail_by("refuse", self.needs[0])
        yield self._answer(target, self._now())  # a fault may have taken its time

    @abstractmethod
    def _answer(self, target: ResourceId, now: datetime) -> Reading:
        """What is true of a machine that can be asked."""


class Lag(Answering):
    """One ReplicaLag for each pass."""

    name = "replica-lag"
    every = timedelta(seconds=5)
    needs = ("VIEW SERVER STATE",)

    def _answer(self, target: ResourceId, now: datetime) -> Reading:
        machine = self._model.machines[target]
        behind = self._model.lag(target, now.timestamp())
        state = "up" if machine.kind == "cache" else "replicating"
        lag = None if behind is None else timedelta(seconds=behind)
        return ReplicaLag(target, now, machine.source, lag, sanitise(state))


Sources = list[tuple[Collector[Any], list[ResourceId]]]


def model_servers(play: Play, now: Now) -> ModelServers:
    """The SQL Servers of the model that the emulator answers from."""
    return ModelServers(model_of(play.scenario, seed=play.seed, size=play.size, start=play.start), now)


def model_sources(model: Model, now: Now) -> Sources:
    """What has no collector of its own yet: it answers from the model that the emulator answers from."""
    machines = list(model.machines.values())
    return [
        (Lag(model, now), [m.id for m in machines if m.source is not None]),
    ]
