"""What was the server told to back up and to restore, and which of its jobs that back up has failed?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from collectors.inside.backups import Outcome, Proof, Task
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.sqlserver.backups.rows import HeadRow, JobRow, RestoreRow, TaskRow, utc

_OURS = ("BACKUP", "RESTORE")
_OUTCOMES = {"SUCCESS": Outcome.DONE, "ERROR": Outcome.FAILED, "CANCELLED": Outcome.FAILED}
_BACKS_UP = re.compile(r"back.?up|sicherung|sauvegarde", re.IGNORECASE)
_FAILED = 0
_LONGEST_WHY = 300
_SAME_S = 3600.0  # msdb and RDS write the same restore down at its two ends


def tasks(rows: Iterable[TaskRow], head: HeadRow) -> tuple[Task, ...]:
    """Those that back up or restore, the newest first."""
    ours = [row for row in rows if row.task_type.upper().startswith(_OURS)]
    return tuple(_task(row, head) for row in sorted(ours, key=lambda row: row.task_id, reverse=True))


def _task(row: TaskRow, head: HeadRow) -> Task:
    outcome = _OUTCOMES.get(row.lifecycle.upper(), Outcome.RUNNING)
    ended = None if outcome is Outcome.RUNNING or row.last_updated is None else head.utc_of(row.last_updated)
    return Task(
        what=sanitise(row.task_type),
        name=sanitise(f"task {row.task_id}"),
        outcome=outcome,
        began=None if row.created_at is None else head.utc_of(row.created_at),
        ended=ended,
        percent=None if row.percent is None else round(row.percent),
        why=_why(row) if outcome is Outcome.FAILED else NO_TEXT,
        database=sanitise(row.database_name or ""),
    )


def _why(row: TaskRow) -> Safe:
    if row.lifecycle.upper() == "CANCELLED":
        return Safe("it was cancelled")
    return sanitise(" ".join((row.task_info or "it does not say why").split()), _LONGEST_WHY)


def proofs(restored: Iterable[RestoreRow], done: Iterable[Task]) -> tuple[Proof, ...]:
    """The newest first; of a restore that RDS did the task also says how long it took."""
    found = [_by_task(task) for task in done if task.what.startswith("RESTORE") and task.outcome is Outcome.DONE]
    timed = [proof for proof in found if proof is not None]
    rest = [proof for proof in map(_by_history, restored) if not any(_is_same(proof, other) for other in timed)]
    return tuple(sorted([*timed, *rest], key=lambda proof: proof.when, reverse=True))


def _by_task(task: Task) -> Proof | None:
    if task.ended is None:
        return None
    took = None if task.began is None else (task.ended - task.began).total_seconds()
    return Proof(task.ended, Safe("native restore"), task.database, took, told_by=task.name)


def _by_history(row: RestoreRow) -> Proof:
    source = row.source_name or row.destination_database_name or ""
    moment = f" of {utc(row.source_taken):%Y-%m-%d %H:%M}" if row.source_taken is not None else ""
    how, told_by = Safe("restored on the server"), Safe("msdb")
    return Proof(utc(row.restored), how, sanitise(source + moment), held=bool(row.is_whole), told_by=told_by)


def _is_same(one: Proof, other: Proof) -> bool:
    return abs((one.when - other.when).total_seconds()) < max(_SAME_S, other.took_s or 0.0)


def failed(jobs: Iterable[JobRow]) -> tuple[Safe, ...]:
    """Names of those that back up by what they are called, and whose last run failed."""
    ours = [job for job in jobs if job.enabled and job.last_run_outcome == _FAILED and _backs_up(job)]
    return tuple(sanitise(job.name) for job in ours)


def _backs_up(job: JobRow) -> bool:
    """Its steps are closed to everybody on RDS: what it is called and said to do is all there is."""
    return any(_BACKS_UP.search(said or "") for said in (job.name, job.description, job.category))
