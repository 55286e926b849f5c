"""What do the demo's SQL Servers answer about their backups: msdb's tables, RDS's tasks, and each database's log?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime

from collectors.database.rows import Rows
from console.demo.backups import LOG_STEP
from console.demo.instances import GIB
from console.demo.load import DAY
from console.demo.noise import key, uniform
from console.demo.scenario.script import since
from console.demo.sqlserver.agent import JOBS, OUTCOMES
from console.demo.sqlserver.doing import number, words
from console.demo.sqlserver.files import database
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.native import tasks
from console.demo.sqlserver.said import rows, told
from console.demo.sqlserver.shop import USER_DATABASES_FROM
from console.demo.sqlserver.stored import stored

WEEK = 7 * DAY
CHECKED_AT = 3 * DAY + 4 * 3600.0  # of a week that begins on a Thursday, as 1970 did: on Sundays at four
UTC_QUARTERS = 0  # the zone that RDS gives a server which asked for none
SNAPSHOT_TAKES_S = 600.0
AGENT_JOBS = "database.msdb.agent_jobs"


def _users(moment: Moment) -> dict[int, str]:
    there = stored(moment.model.machines[moment.about]).databases
    return {number: name for number, name in there.items() if number >= USER_DATABASES_FROM}


def _databases(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    head = {"utc_now": _time(moment, moment.t), "to_utc_min": 0, "is_rds": 1}
    return rows([head]), rows(_state(moment, database_id, name) for database_id, name in _users(moment).items())


def _state(moment: Moment, database_id: int, name: str) -> dict[str, object]:
    machine, row = moment.machine, database(moment, database_id, name)
    sunday = math.floor((moment.t - CHECKED_AT) / WEEK) * WEEK + CHECKED_AT
    return {
        **{part: row[part] for part in ("database_name", "state_desc", "user_access_desc", "recovery_model_desc")},
        "is_primary": 0 if machine.source is not None else 1 if machine.standby_az is not None else None,
        "checked": None if row["state_desc"] != "ONLINE" else _time(moment, sunday + 900.0 * (database_id % 4)),
    }


def _sets(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    """A snapshot each night, the log as far as it could be restored, and what was told to be written to S3."""
    found: list[dict[str, object]] = []
    snapshot = _snapshot(moment)
    until = moment.model.restorable_until(moment.about, moment.t)
    native = [task for task in tasks(moment) if task.is_done and not task.error and task.kind == "BACKUP_DB"]
    spoilt = moment.model.since(moment.about, "differential-spoilt", moment.t)
    for database_id, name in _users(moment).items():
        size = _bytes(moment, database_id)
        if snapshot is not None:
            found.append(_set(moment, name, "D", snapshot, size, is_snapshot=True))
        if until is not None and moment.model.machines[moment.about].retention_days:
            found.append(_set(moment, name, "L", until, size // 400))
        newest = next((task for task in reversed(native) if task.database == name), None)
        if newest is not None:
            found.append(_set(moment, name, "D", newest.ends, size // 3, is_copy_only=True))
        if spoilt is not None:
            found.append(_set(moment, name, "I", moment.t - spoilt, size // 20, base_is_snapshot=1))
    return (rows(found, _SET),)


_SET = (
    *("database_name", "type", "is_snapshot", "is_copy_only", "is_damaged"),
    *("finished", "size_bytes", "size_before", "base_is_snapshot"),
)


def _set(
    moment: Moment, name: str, kind: str, finished: float, size: int, *, is_snapshot: bool = False,
    is_copy_only: bool = False, base_is_snapshot: int | None = None,
) -> dict[str, object]:  # fmt: skip
    before = int(size * (0.98 + 0.01 * uniform(key(moment.about, name), 0)))
    flags = (int(is_snapshot), int(is_copy_only), 0)
    values = (name, kind, *flags, _time(moment, finished), size, before, base_is_snapshot)
    return dict(zip(_SET, values, strict=True))


def _snapshot(moment: Moment) -> float | None:
    """When the newest was whole."""
    began = moment.model.newest_snapshot(moment.about, moment.t)
    if began is None:
        return None
    planned, ended = moment.model.plan(moment.about).night(math.floor(began / DAY))
    return ended if planned == began else min(moment.t, began + SNAPSHOT_TAKES_S)


def _bytes(moment: Moment, database_id: int) -> int:
    model, machine = moment.model, moment.model.machines[moment.about]
    used = (model.allocated_gib(moment.about, moment.t) or 0.0) - (model.free_gib(moment.about, moment.t) or 0.0)
    share = sum(file.of_size for file in stored(machine).files if file.database_id == database_id)
    return int(max(0.02, used * share) * GIB)


def _log_chain(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    """The newest piece of the log, and the first of each gap that a scenario has made."""
    until = moment.model.restorable_until(moment.about, moment.t)
    if until is None or not moment.model.machines[moment.about].retention_days:
        return (rows([], _LOG),)
    sets = moment.model.set_of(moment.about, moment.t)
    broken = since(sets.get(f"database.{arguments[0]}.is_log_chain_broken"), lambda said: not said)
    gap = None if broken is None else (math.floor(broken / LOG_STEP) + 1) * LOG_STEP
    found = [_piece(moment, until, until, is_first=gap == until)]
    if gap is not None and gap < until:
        found.append(_piece(moment, gap, until, is_first=True))
    return (rows(found),)


_LOG = ("place", "taken", "taken_before", "is_broken", "has_gap", "error")


def _piece(moment: Moment, ends: float, newest: float, *, is_first: bool) -> dict[str, object]:
    """``is_first``: of a chain, because something before it is missing."""
    place = 1 + round((newest - ends) / LOG_STEP)
    values = (place, _time(moment, ends), _time(moment, ends - LOG_STEP), int(is_first), int(is_first), None)
    return dict(zip(_LOG, values, strict=True))


def _jobs(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    """As many as a scenario says are enabled; all have done their work, or what a scenario says of them."""
    sets = moment.model.set_of(moment.about, moment.t)
    many = number(sets, AGENT_JOBS, moment.t, lambda _: float(len(JOBS))) if AGENT_JOBS in sets else len(JOBS)
    there = [*JOBS, *((f"Job {extra}", "", "[Uncategorized (Local)]") for extra in range(len(JOBS), int(many or 0)))]
    found = [
        {"name": name, "enabled": 1, "description": said, "category": category, "last_run_outcome": outcome}
        for name, said, category in there[: int(many or 0)]
        if (outcome := OUTCOMES[words(sets, f"job.{name}.last_outcome") or "succeeded"]) is not None
    ]
    return (rows(found, ("name", "enabled", "description", "category", "last_run_outcome")),)


def _tasks(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    return (rows((task.row(moment) for task in tasks(moment)), TASK),)


TASK = (
    *("task_id", "task_type", "database_name", "% complete", "duration(mins)", "lifecycle", "task_info"),
    *("last_updated", "created_at", "S3_object_arn", "overwrite_s3_backup_file", "KMS_master_key_arn"),
    *("filepath", "overwrite_file"),
)


def _restores(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    return (rows(_restored(moment), _RESTORE),)


_RESTORE = ("restored", "destination_database_name", "is_whole", "source_name", "source_taken")


def _restored(moment: Moment) -> Iterator[dict[str, object]]:
    for task in reversed(tasks(moment)):
        if task.kind == "RESTORE_DB" and task.is_done:
            values = (_time(moment, task.ends - 60), task.database, 1, task.source, _time(moment, task.begins - 3600))
            yield dict(zip(_RESTORE, values, strict=True))


def _time(moment: Moment, t: float) -> datetime:
    return told(t + moment.node.clock_offset_s)


ANSWERS: Mapping[str, Answer] = {
    "backup_databases": _databases,
    "backup_sets": _sets,
    "log_chain": _log_chain,
    "backup_tasks": _tasks,
    "agent_jobs": _jobs,
    "restore_history": _restores,
}
