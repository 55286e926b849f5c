"""Which node answers for a server, and since when does it count? Each keeps counters of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from collectors.readings import ResourceId
from console.demo.load import DAY
from console.demo.model import Model
from console.demo.noise import key
from console.demo.scenario.script import Given, value_of

UP_DAYS = (61.0, 9.0)  # the one that was primary when the play began, and its standby


@dataclass(frozen=True, slots=True)
class Node:
    """``clears``: how often somebody has cleared the wait statistics, as a number that only has to differ."""

    name: str
    started: float  # seconds since 1970
    clears: float
    clock_offset_s: float

    @property
    def counts_as(self) -> tuple[str, float]:
        """Where this is the same, counters go on."""
        return self.name, self.started


@lru_cache(256)
def name_of(about: ResourceId, index: int) -> str:
    return f"EC2AMAZ-{key(7, about, f'node{index}') % 16**7:07X}"


def standby(model: Model, about: ResourceId, t: float) -> str:
    """The name of the one that does not answer."""
    return name_of(about, 1 - _index(model, about, t))


def _index(model: Model, about: ResourceId, t: float) -> int:
    return model.turns.swaps(about, t) % 2


def _started(model: Model, about: ResourceId, t: float) -> float:
    """Of the one that answers: whoever is deposed starts anew, and so does whoever is restarted."""
    at, started = 0, [model.start - days * DAY for days in UP_DAYS]
    for turn in model.turns.of(about):
        if turn.moved <= t:
            started[at] = turn.moved
            at = 1 - at if turn.is_swap else at
    return started[at]


def node(model: Model, about: ResourceId, t: float) -> Node:
    """As a scenario has it; else the one that the last failover made primary."""
    index = _index(model, about, t)
    name, started = name_of(about, index), _started(model, about, t)
    sets = {name: held for name, held in model.set_of(about, t).items() if name.startswith("server.")}
    numbers = {name: value_of(name, held, t, lambda _: 0.0) for name, held in sets.items()}
    given = {name: held.setting.value for name, held in sets.items() if isinstance(held.setting, Given)}
    start = given.get("server.sqlserver_start_time")
    return Node(
        name=str(given.get("server.ComputerNamePhysicalNetBIOS", name)),
        started=start.timestamp() if isinstance(start, datetime) else started,
        clears=numbers.get("server.wait_stats_cleared") or 0.0,
        clock_offset_s=numbers.get("server.clock_offset_s") or 0.0,
    )
