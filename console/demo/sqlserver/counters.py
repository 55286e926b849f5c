"""What do the performance counters of the demo's SQL Servers say? The same work as CloudWatch and the waits tell."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.database.rows import Rows
from collectors.readings import ResourceId
from collectors.sqlserver.core_counters import Core, Speaks, core
from collectors.sqlserver.counter_kinds import Kind
from console.demo.instances import Activity
from console.demo.model import Model
from console.demo.sqlserver import deadlocks, memory
from console.demo.sqlserver.doing import Kept, doing, number
from console.demo.sqlserver.files import log_used_percent, tempdb_pages
from console.demo.sqlserver.grants import grants
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.node import Node
from console.demo.sqlserver.said import counting, rows
from console.demo.sqlserver.stored import log_writes, stored

WAITS = "Average Wait Time (ms)"
LATCHES = "Average Latch Wait Time (ms)"
AVERAGES = {WAITS: "Average Wait Time Base", LATCHES: "Average Latch Wait Time Base"}
RATIOS = {  # name of the base, and what it counts to
    "Buffer cache hit ratio": ("Buffer cache hit ratio base", 100_000),
    "Worktables From Cache Ratio": ("Worktables From Cache Base", 10_000),
}
PAGE_READS = 22 / 8  # pages of one read of the volume
PAGE_WRITES = 14 / 8
ANEW = 8.0  # times as many compilations more, where no plan is left


def rates(model: Model, about: ResourceId, t: float) -> dict[str, float]:
    """Of each counter that is a rate, per second, as a scenario has it."""
    usual, sets = _usual(model, about, t), model.set_of(about, t)
    for name in [name for name in usual if f"counter.{name}" in sets]:
        value = number(sets, f"counter.{name}", t, lambda at, name=name: _usual(model, about, at)[name])  # type: ignore[misc]
        if value is None:
            del usual[name]
        else:
            usual[name] = max(0.0, value)
    return usual


def _usual(model: Model, about: ResourceId, t: float) -> dict[str, float]:
    now, machine = doing(model, about, t), model.machines[about]
    batches = 2.1 * now.commits + 0.9 * (now.reads - now.cold)
    flushes, strain = log_writes(machine, now), model.strain(about, t)
    waits = model.waits(about, t)
    locks = [rate for name, rate in waits.items() if name.startswith("LCK_")]
    return {
        "Batch Requests/sec": batches,
        "SQL Compilations/sec": 0.08 * batches * (1 + ANEW * model.emptied(about, t)),
        "SQL Re-Compilations/sec": 0.004 * batches,
        "Lazy writes/sec": _lazy(now),
        "Free list stalls/sec": 0.0,
        "Checkpoint pages/sec": 0.6 * PAGE_WRITES * max(0.0, now.writes - flushes),
        "Page reads/sec": PAGE_READS * now.reads,
        "Page writes/sec": PAGE_WRITES * max(0.0, now.writes - flushes),
        "Full Scans/sec": 0.03 * batches * (3 if machine.long_queries else 1),
        "Forwarded Records/sec": 0.002 * batches,
        "Workfiles Created/sec": 0.01 * batches * (8 if machine.long_queries else 1),
        "Worktables Created/sec": 0.02 * batches,
        "Lock Waits/sec": sum(rate.tasks_per_s for rate in locks),
        "Logins/sec": 0.01 * now.sessions * (1 + 30 * strain("connection-storm")),
        "Transactions/sec": now.commits + 0.3 * (now.reads - now.cold),
        "Log Flushes/sec": flushes,
    }


def _lazy(now: Activity) -> float:
    return 0.002 * now.reads


def counter_rates(model: Model, about: ResourceId, node: Node, t: float) -> Mapping[str, float]:
    gained, waits = rates(model, about, t), model.waits(about, t)
    for name, prefix in ((WAITS, "LCK_"), (LATCHES, "PAGELATCH_")):
        of = [rate for wait, rate in waits.items() if wait.startswith(prefix)]
        gained[name] = sum(rate.ms_per_s for rate in of)
        gained[AVERAGES[name]] = sum(rate.tasks_per_s for rate in of)
    return gained


COUNTED = Kept(counter_rates)


def raw(moment: Moment) -> dict[str, float | None]:
    """Each counter that is as it is; None: it is not there."""
    model, about, t = moment.model, moment.about, moment.t
    now, sets, pages = doing(model, about, t), model.set_of(about, t), tempdb_pages(moment)
    locks = [rate for name, rate in model.waits(about, t).items() if name.startswith("LCK_")]
    usual: dict[str, float | None] = {
        "User Connections": now.sessions,
        "Processes blocked": round(sum(rate.ms_per_s for rate in locks) / 1000),
        "Free Space in tempdb (KB)": 8 * pages["free_pages"],
        "Version Store Size (KB)": 8 * pages["version_pages"],
    }
    machine = moment.machine
    if machine.standby_az or machine.source:
        behind = model.lag(about, t) or 0.0
        usual |= {
            "Log Send Queue": 9 * now.commits * now.write_latency,
            "Recovery Queue": 9 * behind * now.writes if machine.source else 0.0,
            "Transaction Delay": 1000 * now.write_latency * 1.2 + 0.7,
        }
    found = {name: _set(moment, name, value) for name, value in usual.items()}
    for name in ("Redo Queue KB", "Log Send Queue", "Recovery Queue", "Transaction Delay"):
        if f"counter.{name}" in sets:
            found[name] = number(sets, f"counter.{name}", t, lambda _, name=name: usual.get(name) or 0.0)  # type: ignore[misc]
    memory_of = grants(moment)
    return found | {
        "Page life expectancy": memory.page_life_s(moment),
        "Memory Grants Pending": sum(grant.waits for grant in memory_of),
        "Memory Grants Outstanding": sum(not grant.waits for grant in memory_of),
        "Total Server Memory (KB)": memory.used_kb(moment),
        "Target Server Memory (KB)": memory.target_kb(moment),
    }


def _set(moment: Moment, name: str, usual: float | None) -> float | None:
    if f"counter.{name}" not in moment.model.set_of(moment.about, moment.t):
        return usual
    return number(moment.model.set_of(moment.about, moment.t), f"counter.{name}", moment.t, lambda _: usual or 0.0)


def ratios(moment: Moment) -> dict[str, float | None]:
    """Percent. More reads of the volume are fewer hits."""
    now = doing(moment.model, moment.about, moment.t)
    hits = 99.9 - 0.0002 * now.reads - 0.4 * now.cpu / 100
    return {
        "Buffer cache hit ratio": _set(moment, "Buffer cache hit ratio", hits),
        "Worktables From Cache Ratio": _set(moment, "Worktables From Cache Ratio", 92.0),
    }


def _counters(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    counted, as_it_is, shares = COUNTED.at(moment), raw(moment), ratios(moment)
    gaining = rates(moment.model, moment.about, moment.t)
    told: list[dict[str, object]] = []
    for one in core().values():
        if one.name == "Percent Log Used":
            told += _logs(moment, one)
        elif one.name == "Number of Deadlocks/sec":
            told.append(_row(one, one.name, deadlocks.count(moment), Kind.RATE))
        elif one.name in AVERAGES:
            told.append(_row(one, one.name, counted.get(one.name, 0.0), Kind.AVERAGE))
            told.append(_row(one, AVERAGES[one.name], counted.get(AVERAGES[one.name], 0.0), Kind.BASE))
        elif one.name in RATIOS:
            told += _ratio(one, shares[one.name])
        elif one.name in as_it_is:
            value = as_it_is[one.name]
            told += [] if value is None else [_row(one, one.name, value, Kind.RAW)]
        elif one.name in gaining:
            told.append(_row(one, one.name, counted.get(one.name, 0.0), Kind.RATE))
    return counting(moment), rows(told)


def _ratio(one: Core, percent: float | None) -> list[dict[str, object]]:
    if percent is None:
        return []
    base, counts = RATIOS[one.name]
    return [_row(one, one.name, percent * counts / 100, Kind.RATIO), _row(one, base, counts, Kind.BASE)]


def _logs(moment: Moment, one: Core) -> list[dict[str, object]]:
    machine = moment.model.machines[moment.about]
    each = [_row(one, one.name, int(log_used_percent(moment, database_id, name)), Kind.RAW, name)
            for database_id, name in stored(machine).databases.items()]  # fmt: skip
    return [*each, _row(one, one.name, 0, Kind.RAW, "_Total")]


def _row(one: Core, name: str, value: float, kind: Kind, instance: str = "") -> dict[str, object]:
    return {
        "object_name": f"SQLServer:{one.object}",
        "counter_name": name,
        "instance_name": instance or ("_Total" if one.speaks is Speaks.TOTAL else ""),
        "cntr_value": int(value),
        "cntr_type": int(kind),
    }


ANSWERS: Mapping[str, Answer] = {"counters": _counters}
