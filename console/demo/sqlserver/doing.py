"""What does a SQL Server do at a time, as all that is measured of it should say? With what a scenario has set of it."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from dataclasses import replace
from weakref import WeakKeyDictionary

from collectors.readings import ResourceId
from console.demo.instances import Activity
from console.demo.model import Model
from console.demo.scenario.script import Given, Set, value_of
from console.demo.sqlserver.counted import Counted
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.node import Node

MEASURED = {  # by CloudWatch, and by the server
    "CPUUtilization": "cpu",
    "DatabaseConnections": "sessions",
    "ReadIOPS": "reads",
    "WriteIOPS": "writes",
    "ReadLatency": "read_latency",
    "WriteLatency": "write_latency",
}


def doing(model: Model, about: ResourceId, t: float) -> Activity:
    """Where a scenario sets what CloudWatch tells, the server itself tells the same."""
    now, sets = model.activity(about, t), model.set_of(about, t)
    if not sets:
        return now
    changed: dict[str, float] = {}
    for metric, part in MEASURED.items():
        value = number(sets, f"cloudwatch.{metric}", t, lambda at, part=part: _part(model, about, at, part))  # type: ignore[misc]
        if value is not None:
            changed[part] = round(value) if part == "sessions" else max(0.0, value)
    return replace(now, **changed) if changed else now  # type: ignore[arg-type]


def _part(model: Model, about: ResourceId, t: float, part: str) -> float:
    return float(getattr(model.activity(about, t), part))


def number(sets: Mapping[str, Set], name: str, t: float, usual: Callable[[float], float]) -> float | None:
    """As a scenario has it; None where it says nothing of it, or has taken it away."""
    held = sets.get(name)
    return None if held is None else value_of(name, held, t, usual)


def words(sets: Mapping[str, Set], name: str) -> str | None:
    """As `number`, of a text."""
    held = sets.get(name)
    given = held.setting.value if held is not None and isinstance(held.setting, Given) else None
    return given if isinstance(given, str) else None


RatesOf = Callable[[Model, ResourceId, Node, float], Mapping[str, float]]


class Kept:
    """The counters of each node of each server of each play, which go on as long as the node does."""

    def __init__(self, rates: RatesOf) -> None:
        self._rates = rates
        self._counted: WeakKeyDictionary[Model, dict[object, Counted]] = WeakKeyDictionary()

    def at(self, moment: Moment) -> Mapping[str, float]:
        model, about, node = moment.model, moment.about, moment.node
        of_model = self._counted.setdefault(model, {})
        key = (about, node.counts_as)
        if key not in of_model:
            there = weakref.proxy(model)  # a play that nobody plays any more is not kept by its own counters
            of_model[key] = Counted(lambda t: self._rates(there, about, node, t), node.started, model.start)
        return of_model[key].at(moment.t)
