"""How much has each statement of a server cost? Counters by what drives them, shared among the statements.

Clients that look, commits, processor time, pages and waits are the model's own at each moment, so that what the
statements cost together is what the server's metrics and waits say. A cause that burns processors has a statement.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from weakref import WeakKeyDictionary

from collectors.inside.statement_totals import Totals
from collectors.readings import ResourceId
from console.demo.model import Model
from console.demo.scenario.script import value_of
from console.demo.scenario.statement_fields import FIELDS
from console.demo.sqlserver.catalogue import BAD, READ, Kind, kinds
from console.demo.sqlserver.counted import Counted
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.node import node
from console.demo.sqlserver.statement_keys import SetStatement, set_statements

HOUR_S = 3600
CELL_S = 5.0  # what is asked once a minute needs no finer ones
OF_PROCESSORS = 0.92  # the rest is the server's own
BURNS = 0.85  # of them, where that is the cause in full
BAD_CALL_MS = 1900.0
LOOKS_PER_SESSION = 3.5  # each second
PAGES_PER_READ = 45.0  # for one that is not in memory
WRITTEN_PAGES = 3.0


@dataclass(frozen=True, slots=True)
class Run:
    """What one statement has cost since its counters began; ``waits`` by Query Store's categories."""

    totals: Totals
    waits: Mapping[str, float]


class Counters:
    """Of one node, and what they were when the present hour began: Query Store counts by the hour."""

    def __init__(self, model: Model, about: ResourceId, counts_as: tuple[str, float]) -> None:
        self._counted = Counted(partial(_rates, model, about, counts_as), counts_as[1], model.start, CELL_S)
        self._start = model.start
        self._hours: dict[int, dict[str, float]] = {}
        self._marks: dict[float, dict[str, float]] = {}

    def at(self, t: float) -> Mapping[str, float]:
        self.at_hour(t)
        return self._counted.at(t)

    def since(self, t: float) -> Mapping[str, float]:
        """What they were at a time that is asked about again and again: counted once."""
        if t not in self._marks:
            self._marks[t] = self._counted.at(max(self._start, t))
        return self._marks[t]

    def at_hour(self, t: float) -> Mapping[str, float]:
        """In the order of time, for a counter that is asked about the past counts anew."""
        hour = int(t // HOUR_S)
        if hour not in self._hours:
            self._hours[hour] = self._counted.at(max(self._start, float(hour * HOUR_S)))
            for old in sorted(self._hours)[:-2]:
                del self._hours[old]
        return self._hours[hour]


_COUNTERS: WeakKeyDictionary[Model, dict[object, Counters]] = WeakKeyDictionary()


def counters(moment: Moment) -> Counters:
    kept = _COUNTERS.setdefault(moment.model, {})
    kind = (moment.about, moment.node.counts_as)
    if kind not in kept:
        kept[kind] = Counters(weakref.proxy(moment.model), *kind)
    return kept[kind]


def run_of(kind: Kind, sums: Mapping[str, float]) -> Run:
    """Its share of what its drive has cost."""
    if kind.drive == BAD:
        calls, cpu = sums.get("bad_cpu", 0.0) / BAD_CALL_MS, sums.get("bad_cpu", 0.0)
        waits: Mapping[str, float] = {"CPU": 0.2 * cpu}
        pages, writes = 90_000.0 * calls, 0.0
    else:
        is_read = kind.drive == READ
        calls = kind.calls * sums.get("looks" if is_read else "commits", 0.0)
        cpu = kind.cpu * sums.get("cpu", 0.0)
        pages = kind.pages * sums.get("pages", 0.0)
        writes = 0.0 if is_read else WRITTEN_PAGES * calls
        waits = {"Buffer IO": kind.pages * sums.get("io_wait", 0.0)} if is_read else _writer(kind, sums)
    elapsed, spills, grant = cpu + sum(waits.values()), calls * kind.spills, calls * kind.grant_kb
    return Run(Totals(calls, cpu, elapsed, pages, writes, calls * kind.rows, spills, grant), waits)


def _writer(kind: Kind, sums: Mapping[str, float]) -> Mapping[str, float]:
    return {"Tran Log IO": kind.calls * sums.get("log_wait", 0.0), "Lock": kind.calls * sums.get("lock_wait", 0.0)}


def run_of_set(statement: SetStatement, sums: Mapping[str, float]) -> Run:
    """One that a scenario has made: its own counters, for it is nobody's share."""
    of = {field: sums.get(f"set {statement.name} {field}", 0.0) for field in FIELDS}
    totals = Totals(of["calls"], of["total_ms"], of["total_ms"], of["reads"], 0.0, of["rows"])
    return Run(totals, {})


def _rates(model: Model, about: ResourceId, counts_as: tuple[str, float], t: float) -> Mapping[str, float]:
    if node(model, about, t).counts_as != counts_as or not model.serves(about, t):
        return {}
    machine, now, waits = model.machines[about], model.activity(about, t), model.waits(about, t)
    set_ = set_statements(model, about, t)
    burns = model.strain(about, t)("cpu-saturation") * BURNS
    processors = machine.vcpus * 10 * _cpu(model, about, t) * OF_PROCESSORS
    own = sum(each.rates["total_ms"] for each in set_)
    lasting = {"io_wait": "PAGEIOLATCH_", "log_wait": "WRITELOG", "lock_wait": "LCK_"}
    return {
        "looks": LOOKS_PER_SESSION * now.sessions,
        "commits": now.commits,
        "cpu": max(0.05, 1 - burns) * max(0.05 * processors, processors - own),
        "bad_cpu": burns * processors,
        "pages": PAGES_PER_READ * now.reads,
        **{name: sum(r.ms_per_s for type_, r in waits.items() if type_.startswith(of)) for name, of in lasting.items()},
        **{f"set {each.name} {field}": each.rates[field] for each in set_ for field in FIELDS},
    }


def _cpu(model: Model, about: ResourceId, t: float) -> float:
    """Percent, as a scenario has it."""
    held = model.set_of(about, t).get("cloudwatch.CPUUtilization")
    usual = model.activity(about, t).cpu
    value = usual if held is None else value_of("cpu", held, t, lambda at: model.activity(about, at).cpu)
    return min(100.0, max(0.0, usual if value is None else value))


def all_kinds(moment: Moment) -> tuple[Kind, ...]:
    return kinds(moment.model.machines[moment.about])
