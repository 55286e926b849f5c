"""AWS and the databases are asked more often where something fails over, or may: by the collectors that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from collectors.aws.events import Events
from collectors.aws.inventory.collector import Inventory
from collectors.aws.place import Place
from collectors.readings import ResourceId
from collectors.schedule.health import Health
from console.engine.core import Core
from console.engine.failovers.concerned import kind_of
from console.failover.run import Run

SUSPECTED_FOR = timedelta(minutes=2)
LOOKED_INTO = ("replication", "replica-lag")  # collectors that tell how the standby and the replicas do


class Asking:
    def __init__(self, core: Core, place_of: Callable[[ResourceId], Place | None]) -> None:
        self._core, self._place_of = core, place_of
        self._suspects: dict[ResourceId, datetime] = {}

    def fell_sick(self, health: Health) -> None:
        """A database that does not answer may be failing over: AWS is asked at once, which costs little."""
        about = ResourceId(health.target)
        resource = self._core.estate.resources.get(about)
        if health.state in ("failing", "late") and resource is not None and kind_of(resource.described):
            self._suspects.setdefault(about, self._core.clock.now())

    def ask(self, going_on: Iterable[Run]) -> None:
        """Events and lists of every place where one goes on, and how the copies do where somebody is let in."""
        now, schedule = self._core.clock.now(), self._core.schedule
        self._suspects = {about: at for about, at in self._suspects.items() if now - at < SUSPECTED_FOR}
        runs = tuple(going_on)
        abouts = {about for run in runs for about in run.case.about}
        for place in {place for about in (*abouts, *self._suspects) if (place := self._place_of(about))}:
            schedule.hasten(Events.name, str(place))
            schedule.hasten(Inventory.name, str(place))
        for about in {about for run in runs if not run.is_shut for about in run.case.about}:
            for name in LOOKED_INTO:
                schedule.hasten(name, about)
