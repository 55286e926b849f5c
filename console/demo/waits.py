"""What do SQL Server's sessions wait for? Rates that follow from the same commits, reads and CPU as the metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from console.demo.instances import THROTTLED, Instance
from console.demo.noise import bump, key
from console.demo.scenario.script import Set, value_of

QUANTUM_MS = 4.0
LEAST_MS_PER_S = 0.05  # less is nothing that a counter of whole milliseconds would show


@dataclass(frozen=True, slots=True)
class WaitRate:
    ms_per_s: float
    tasks_per_s: float
    signal_percent: float


def waits_at(instance: Instance, seed: int, t: float) -> Mapping[str, WaitRate]:
    """By type; a type that is absent was not waited for."""
    now, machine = instance.activity(t), instance.machine
    pressure = now.cpu / 100  # share of time in which a task finds its scheduler taken
    signal = 2.0 + 30.0 * pressure**3
    chance = key(seed, machine.id, "waits")
    blocking = bump(chance, t, slot=900, chance=0.25, lasts=(20, 150)) + 3 * instance.strain(t)("blocking")
    reads_waited_for = 0.55 * now.reads  # the rest is read ahead of need
    rates = {
        "WRITELOG": _each(now.commits, 1000 * now.write_latency, signal),
        "PAGEIOLATCH_SH": _each(0.85 * reads_waited_for, 1000 * now.read_latency, signal),
        "PAGEIOLATCH_EX": _each(0.15 * reads_waited_for, 1000 * now.read_latency, signal),
        "SOS_SCHEDULER_YIELD": _each(machine.vcpus * pressure * 1000 / QUANTUM_MS * 0.5, 2.0 * pressure**2, 100.0),
        "LCK_M_X": _each(0.0006 * now.commits * (1 + 15 * blocking), 35 + 250 * blocking, signal / 4),
        "LCK_M_S": _each(0.02 * now.sessions * blocking, 60 + 300 * blocking, signal / 4),
        "PAGELATCH_EX": _each(0.9 * now.commits * pressure, 0.06, signal),
        "ASYNC_NETWORK_IO": _each(0.4 * now.sessions * pressure, 1.3, signal / 2),
    }
    if machine.standby_az is not None:
        there = now.write_latency / (1 + THROTTLED * instance.strain(t)("log-write-throttle"))  # its volume is its own
        rates["HADR_SYNC_COMMIT"] = _each(now.commits, 1000 * there * 1.2 + 0.7, signal)
    if machine.long_queries:
        rates["CXPACKET"] = _each(machine.vcpus * 6 * pressure, 9 + 20 * pressure, signal / 2)
    if now.backup:
        rates["BACKUPIO"] = _each(40.0, 9.0, 1.0)
    return {name: rate for name, rate in rates.items() if rate.ms_per_s >= LEAST_MS_PER_S}


def _each(tasks_per_s: float, ms: float, signal_percent: float) -> WaitRate:
    return WaitRate(round(tasks_per_s * ms, 2), round(tasks_per_s, 2), round(signal_percent, 1))


TASK_MS = 5.0  # of a wait that is set without saying how many there were
SIGNAL_PERCENT = 5.0


def set_waits(usual: Mapping[str, WaitRate], sets: Mapping[str, Set], t: float) -> Mapping[str, WaitRate]:
    """`wait.TYPE`, `wait.TYPE.tasks`, `wait.TYPE.signal` as a scenario has them."""
    found = dict(usual)
    for name, held in sorted(sets.items()):  # the rate before what is said of it
        family, _, rest = name.partition(".")
        wait, _, what = rest.partition(".")
        if family != "wait":
            continue
        before = found.get(wait, WaitRate(0.0, 0.0, SIGNAL_PERCENT))
        value = value_of(name, held, t, lambda _, before=before, what=what: _part(before, what))  # type: ignore[misc]
        match what:
            case _ if value is None:
                found.pop(wait, None)
            case "tasks":
                found[wait] = replace(before, tasks_per_s=value)
            case "signal":
                found[wait] = replace(before, signal_percent=value)
            case _:
                found[wait] = replace(before, ms_per_s=value, tasks_per_s=value / TASK_MS)
    return found


def _part(rate: WaitRate, what: str) -> float:
    return {"tasks": rate.tasks_per_s, "signal": rate.signal_percent}.get(what, rate.ms_per_s)
