"""What has a server of the demo waited for? Counters that fit the model's rates, and whoever still waits.

What is waited is the model's rate, and at least a second each second for whoever a scenario keeps waiting. The counters
gain it when a wait ends: what goes on is held back from them, and arrives when it ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from math import floor
from weakref import WeakKeyDictionary

from collectors.database.rows import Rows
from collectors.readings import ResourceId
from console.demo.model import Model
from console.demo.sqlserver.counted import CELL_S, Counted
from console.demo.sqlserver.in_progress import NOBODY, Waiters, fall_ms, long_waiters, rise_ms, usual_waiters
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.node import node
from console.demo.waits import WaitRate

BOOTED_S = 41.0  # before the server started
IDLE = {
    "LAZYWRITER_SLEEP": 1.0,
    "SQLTRACE_INCREMENTAL_FLUSH_SLEEP": 0.25,
    "XE_TIMER_EVENT": 0.4,
    "REQUEST_FOR_DEADLOCK_SEARCH": 0.2,
    "DIRTY_PAGE_POLL": 9.7,
    "CHECKPOINT_QUEUE": 0.02,
    "SP_SERVER_DIAGNOSTICS_SLEEP": 0.2,
}
"""Threads that have nothing to do, and how often each looks whether there is something."""
NO_RATE = WaitRate(0.0, 0.0, 0.0)
Kind = tuple[ResourceId, tuple[str, float], float | None]


class Counters:
    """Of one node since it started, or since somebody cleared them."""

    def __init__(self, model: Model, about: ResourceId, counts_as: tuple[str, float], cleared: float | None) -> None:
        self._model, self._about, self._counts_as = model, about, counts_as
        began = counts_as[1] if cleared is None else cleared
        self._smooth = Counted(self._gained, began, model.start)
        self._arrived = Counted(self._ended, max(began, model.start), model.start)

    def at(self, t: float) -> Mapping[str, float]:
        """By `tasks TYPE`, `ms TYPE` and `signal TYPE`. Never less than at an earlier time."""
        found = self._smooth.at(t)
        for name, more in self._arrived.at(_cell(self._model, t)).items():
            found[name] = found.get(name, 0.0) + more
        return found

    def _answers(self, t: float) -> bool:
        return node(self._model, self._about, t).counts_as == self._counts_as

    def _gained(self, t: float) -> Mapping[str, float]:
        if t > self._model.start and not self._answers(t):
            return {}
        found: dict[str, float] = {}
        rates = self._model.waits(self._about, t)
        now, then = (long_waiters(self._model, self._about, t + later) for later in (0.0, CELL_S))
        for name in {*rates, *now}:
            rate, waiters = rates.get(name, NO_RATE), now.get(name, NOBODY)
            ms = max(rate.ms_per_s, 1000.0 * waiters.tasks)
            ms -= rise_ms(waiters, then.get(name, NOBODY), CELL_S) / CELL_S
            found[f"ms {name}"] = max(0.0, ms)
            found[f"signal {name}"] = max(0.0, ms) * min(100.0, max(0.0, rate.signal_percent)) / 100
            found[f"tasks {name}"] = max(0.0, rate.tasks_per_s or ms / 1000)
        for name, tasks in IDLE.items():
            found |= {f"ms {name}": 1000.0, f"tasks {name}": tasks}
        return found

    def _ended(self, t: float) -> Mapping[str, float]:
        """What ends at the end of the second that begins at ``t``."""
        if not self._answers(t):
            return {}
        now, then = (long_waiters(self._model, self._about, t + later) for later in (0.0, CELL_S))
        found: dict[str, float] = {}
        for name, waiters in now.items():
            if fall := fall_ms(waiters, then.get(name, NOBODY)):
                found |= {f"ms {name}": fall / CELL_S, f"tasks {name}": 1.0 / CELL_S}
        return found


_COUNTERS: WeakKeyDictionary[Model, dict[Kind, Counters]] = WeakKeyDictionary()


def counters(moment: Moment) -> Counters:
    cleared = cleared_at(moment.model, moment.about, moment.t)
    kind = (moment.about, moment.node.counts_as, cleared)
    kept = _COUNTERS.setdefault(moment.model, {})
    if kind not in kept:
        kept[kind] = Counters(moment.model, *kind)
    return kept[kind]


def cleared_at(model: Model, about: ResourceId, t: float) -> float | None:
    """When `server.wait_stats_cleared` last changed; None: nobody has cleared anything."""
    cleared, before = None, 0.0
    for changed in model.changes(about):
        if changed > t:
            break
        number = node(model, about, changed).clears
        if number != before:
            cleared, before = changed, number
    return cleared


def waiting(moment: Moment) -> Mapping[str, Waiters]:
    """Who waits now, by type. Between two whole seconds nobody new comes."""
    model, about = moment.model, moment.about
    cell = _cell(model, moment.t)
    now, then = (long_waiters(model, about, cell + later) for later in (0.0, CELL_S))
    rates = model.waits(about, cell)
    found: dict[str, Waiters] = {}
    for name in {*rates, *now}:
        long = now.get(name, NOBODY)
        rise = rise_ms(long, then.get(name, NOBODY), CELL_S) * (moment.t - cell) / CELL_S
        if long.tasks:
            long = Waiters(long.tasks, long.ms + rise, long.longest_ms + rise / long.tasks)
        usual = usual_waiters(rates.get(name, NO_RATE), long.tasks)
        found[name] = long.and_also(usual.tasks, usual.ms, usual.longest_ms)
    return {name: waiters for name, waiters in found.items() if waiters.tasks}


def _cell(model: Model, t: float) -> float:
    """The whole second of the play that ``t`` is in."""
    return model.start + floor(max(0.0, t - model.start) / CELL_S) * CELL_S


def _waits(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    started = moment.node.started
    told = datetime.fromtimestamp(started, UTC).replace(tzinfo=None)  # as a driver gives it
    ticks = int((moment.t - started + BOOTED_S) * 1000)
    totals = counters(moment).at(moment.t)
    whole = partial(_whole, totals)
    names = sorted(name.partition(" ")[2] for name in totals if name.startswith("tasks "))
    counted = ((name, whole("tasks", name), whole("ms", name), whole("signal", name)) for name in names)
    waits = sorted(waiting(moment).items())
    cores = moment.model.machines[moment.about].vcpus
    return (
        Rows(("node", "started", "ticks_ms", "cores"), ((moment.node.name, told, ticks, cores),)),
        Rows(("wait_type", "tasks", "ms", "signal_ms"), tuple(row for row in counted if row[1] > 0)),
        Rows(
            ("wait_type", "tasks", "ms", "longest_ms"),
            tuple((name, each.tasks, int(each.ms), int(each.longest_ms)) for name, each in waits),
        ),
    )


def _whole(totals: Mapping[str, float], what: str, name: str) -> int:
    return int(totals.get(f"{what} {name}", 0.0))


ANSWERS: Mapping[str, Answer] = {"waits": _waits}
