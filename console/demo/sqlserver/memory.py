"""What do the demo's SQL Servers answer about their memory, its grants, and their processors?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from collectors.database.rows import Rows
from console.demo.inventory import Machine
from console.demo.scenario.script import Set
from console.demo.sqlserver.doing import doing, number
from console.demo.sqlserver.grants import Grant, grants, told
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.said import rows, who

KIB_PER_GIB = 1024.0**2
OF_SQL_SERVER = 0.92  # of the memory that is not free; the rest is the system's
TARGET = 0.82  # of the machine's
LOW = 0.03  # of the machine's memory free: less, and the system asks for some back
HOT = 12.0  # times that a page stays longer than one pass over memory would let it
HOT_OF_SCANS = 8.0
LONGEST_LIFE_S = 200_000.0
LOOKED_BACK_S = (0, 300, 600, 900, 1200, 1500, 1800)  # what is read now does not throw everything out at once
BACKUP_READS = 1500.0  # of the volume, by the instance; they pass the buffer by
GRANT_SHARE = 0.75  # of the target may be granted
CLERKS = (
    ("CACHESTORE_SQLCP", 0.034),
    ("CACHESTORE_OBJCP", 0.011),
    ("USERSTORE_DBMETADATA", 0.006),
    ("USERSTORE_TOKENPERM", 0.005),
    ("MEMORYCLERK_SOSNODE", 0.005),
    ("MEMORYCLERK_SQLSTORENG", 0.004),
    ("CACHESTORE_PHDR", 0.003),
    ("MEMORYCLERK_SQLGENERAL", 0.003),
    ("USERSTORE_SCHEMAMGR", 0.002),
    ("MEMORYCLERK_SQLLOGPOOL", 0.002),
    ("MEMORYCLERK_XE", 0.001),
)


def target_kb(moment: Moment) -> int:
    held = number(_sets(moment), "counter.Target Server Memory (KB)", moment.t, lambda _: _usual_target(moment))
    return int(_usual_target(moment) if held is None else held)


def _usual_target(moment: Moment) -> float:
    return TARGET * _machine(moment).memory_gib * KIB_PER_GIB


def used_kb(moment: Moment) -> int:
    """What is neither free, as CloudWatch tells, nor the system's; never more than is meant."""
    held = number(_sets(moment), "counter.Total Server Memory (KB)", moment.t, lambda _: _usual_used(moment))
    return int(_usual_used(moment) if held is None else held)


def _usual_used(moment: Moment) -> float:
    free = _free_kb(moment)
    taken = OF_SQL_SERVER * _machine(moment).memory_gib * KIB_PER_GIB - free
    return max(0.0, min(_usual_target(moment), taken))


def _free_kb(moment: Moment) -> float:
    return (moment.model.metrics(moment.about, moment.t).get("FreeableMemory") or 0.0) / 1024


def is_low(moment: Moment) -> bool:
    return _free_kb(moment) < LOW * _machine(moment).memory_gib * KIB_PER_GIB


def page_life_s(moment: Moment) -> float | None:
    """By how long it takes to read as much as is buffered, of the last half hour."""
    name = "counter.Page life expectancy"
    held = number(_sets(moment), name, moment.t, lambda at: _usual_life(moment, at))
    if held is None and name in _sets(moment):
        return None
    return _usual_life(moment, moment.t) if held is None else max(0.0, held)


def _usual_life(moment: Moment, t: float) -> float:
    model, machine = moment.model, _machine(moment)
    reads = 0.0
    for back in LOOKED_BACK_S:
        then = model.activity(moment.about, t - back)
        reads += then.reads - (BACKUP_READS if then.backup else 0.0)
    read_kb = 22 * max(1.0, reads / len(LOOKED_BACK_S))
    life = TARGET * machine.memory_gib * KIB_PER_GIB / read_kb * (HOT_OF_SCANS if machine.long_queries else HOT)
    anew = model.turns.anew_since(moment.about, t)
    return min(LONGEST_LIFE_S, life, t - (moment.node.started if anew is None else anew))


def _memory(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    used, life = used_kb(moment), page_life_s(moment)
    there = grants(moment)
    reserved = sum(grant.used_kb for grant in there)
    system = {
        **who(moment),
        "committed_kb": used,
        "committed_target_kb": target_kb(moment),
        "process_low": int(is_low(moment)),
        "system_low": int(is_low(moment)),
        "page_life_s": None if life is None else int(life),
    }
    return rows([system]), rows(_clerks(moment, used, reserved)), told(there), rows([_pool(moment, there)])


def _clerks(moment: Moment, used: int, reserved: int) -> list[dict[str, object]]:
    now = doing(moment.model, moment.about, moment.t)
    others = [(name, int(used * share)) for name, share in CLERKS]
    others += [("MEMORYCLERK_SQLQERESERVATIONS", reserved), ("OBJECTSTORE_LOCK_MANAGER", 60 * now.sessions)]
    pool = used - sum(kb for _, kb in others)
    each = [("MEMORYCLERK_SQLBUFFERPOOL", max(0, pool)), *others]
    told = sorted(((name, kb) for name, kb in each if kb > 0), key=lambda clerk: -clerk[1])
    return [{"type": name, "pages_kb": kb} for name, kb in told[:15]]


def _pool(moment: Moment, grants: Sequence[Grant]) -> dict[str, object]:
    """Where somebody waits, nothing is left to grant."""
    target, waiting = int(GRANT_SHARE * target_kb(moment)), sum(grant.waits for grant in grants)
    granted = target if waiting else min(target, sum(grant.kb for grant in grants))
    return {
        "target_memory_kb": target,
        "available_memory_kb": target - granted,
        "granted_memory_kb": granted,
        "waiter_count": waiting,
        "timeout_error_count": 0,
    }


def _schedulers(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    machine, now, sets = _machine(moment), doing(moment.model, moment.about, moment.t), _sets(moment)
    usual = machine.vcpus * 3 * max(0.0, 2 * now.cpu / 100 - 1) ** 3  # from half of the time on tasks queue up
    held = number(sets, "scheduler.runnable_tasks", moment.t, lambda _: usual)
    runnable = max(0, round(usual if held is None else held))
    queued = max(0, round(number(sets, "scheduler.work_queue", moment.t, lambda _: 0.0) or 0.0))
    most = 512 + 16 * max(0, machine.vcpus - 4)
    row = {
        "cores": machine.vcpus,
        "runnable": runnable,
        "busiest": min(runnable, -(-runnable // machine.vcpus) + (1 if runnable else 0)),
        "workers": most if queued else min(most, 40 + int(0.35 * now.sessions)),
        "most_workers": most,
        "queued": queued,
        "pending_io": round(now.reads * now.read_latency + now.writes * now.write_latency),
    }
    return (rows([row]),)


def _machine(moment: Moment) -> Machine:
    return moment.model.machines[moment.about]


def _sets(moment: Moment) -> Mapping[str, Set]:
    return moment.model.set_of(moment.about, moment.t)


ANSWERS: Mapping[str, Answer] = {"memory": _memory, "schedulers": _schedulers}
