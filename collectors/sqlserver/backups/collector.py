"""What can be brought back of each database of a SQL Server? Asked of itself: AWS knows only the server as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from collectors.database.rows import Row, Rows
from collectors.errors import CannotCollect, Denied
from collectors.inside.backups import DatabaseBackups, DatabaseChain
from collectors.readings import Reading, ResourceId
from collectors.safe import Safe, sanitise
from collectors.sqlserver.asking import VIEW_SERVER_STATE, Question, Server, text_of
from collectors.sqlserver.backups import chains, sets, tasks
from collectors.sqlserver.backups.chains import LogChain
from collectors.sqlserver.backups.rows import DatabaseRow, HeadRow, JobRow, LogRow, RestoreRow, SetRow, TaskRow
from collectors.sqlserver.collector import SqlServerCollector
from collectors.sqlserver.grants import IN_MSDB

WITHIN = timedelta(seconds=10)
MOST_CHAINS = 100  # databases whose log is asked for one by one; RDS takes no more

DATABASES = Question("backup_databases", text_of("backup_databases"), ("VIEW ANY DATABASE", VIEW_SERVER_STATE), WITHIN)
SETS = Question("backup_sets", text_of("backup_sets"), (IN_MSDB["backupset"].name,), WITHIN)
CHAIN = Question("log_chain", text_of("log_chain"), (IN_MSDB["log_chain"].name,), WITHIN)
TASKS = Question("backup_tasks", text_of("backup_tasks"), (IN_MSDB["rds_task_status"].name,), WITHIN)
JOBS = Question("agent_jobs", text_of("agent_jobs"), (IN_MSDB["sp_help_job"].name,), WITHIN)
RESTORES = Question("restore_history", text_of("restore_history"), (IN_MSDB["restorehistory"].name,), WITHIN)
FOLLOWS = Safe("A replica is not backed up: its source is.")


@dataclass(slots=True)
class _Asked:
    """A server, and what it would not tell."""

    server: Server
    notes: list[Safe] = field(default_factory=list)

    async def rows(self, question: Question, row: type[Row], what: str) -> tuple[Row, ...] | None:
        """None, and a note, where the login may not."""
        try:
            return (await self.server.ask(question))[0].as_(row)
        except Denied as denied:
            self.note(f"{what} are not shown: that needs {denied.grant}.")
            return None

    def note(self, text: str) -> None:
        """Once, however many databases it is about."""
        note = sanitise(text, 300)
        if note not in self.notes:
            self.notes.append(note)


class BackupsInside(SqlServerCollector):
    """One DatabaseBackups for each pass."""

    name: ClassVar[str] = "backups-inside"
    asks = ("backup_databases", "backup_sets", "log_chain", "backup_tasks", "agent_jobs", "restore_history")
    every: ClassVar[timedelta] = timedelta(minutes=5)
    needs: ClassVar[tuple[str, ...]] = (VIEW_SERVER_STATE,)

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        asked = _Asked(self._servers.of(target))
        heads, there = await asked.server.ask(DATABASES)
        head, rows = _head(heads), there.as_(DatabaseRow)
        told = await asked.rows(TASKS, TaskRow, "Native tasks") if head.is_rds else None
        jobs = await asked.rows(JOBS, JobRow, "Jobs of the agent")
        restored = await asked.rows(RESTORES, RestoreRow, "Restores")
        known = await asked.rows(SETS, SetRow, "Backups in msdb")
        done = tasks.tasks(told or (), head)
        yield DatabaseBackups(
            target,
            self._now(),
            chains=await _chains(asked, head, rows, known),
            copies=sets.copies(known or ()),
            tasks=done,
            proofs=tasks.proofs(restored or (), done),
            failed_jobs=tasks.failed(jobs or ()),
            jobs=None if jobs is None else sum(bool(job.enabled) for job in jobs),
            notes=tuple(asked.notes),
        )


def _head(rows: Rows) -> HeadRow:
    found = next(iter(rows.as_(HeadRow)), None)
    if found is None:
        raise CannotCollect("The server did not say what time it is.", mend="Look whether it is starting.")
    return found


async def _chains(
    asked: _Asked, head: HeadRow, rows: Sequence[DatabaseRow], known: Sequence[SetRow] | None
) -> tuple[DatabaseChain, ...]:
    found: list[DatabaseChain] = []
    for row in rows:
        if row.follows:
            asked.note(FOLLOWS)
            continue
        own = None if known is None else [each for each in known if each.database_name == row.database_name]
        kept = head.is_rds and row.is_kept
        log = await _log(asked, row.database_name, own or ()) if kept and len(found) < MOST_CHAINS else None
        found.append(chains.chain(row, head, own, log or chains.by_msdb(own or ())))
    return tuple(found)


async def _log(asked: _Asked, database: str, own: Sequence[SetRow]) -> LogChain | None:
    """As RDS keeps it; None where it does not say, and a note says why."""
    try:
        told = (await asked.server.ask(CHAIN, database))[0].as_(LogRow)
    except Denied as denied:
        asked.note(f"Gaps in log backups are not shown: that needs {denied.grant}.")
        return None
    except CannotCollect as trouble:
        asked.note(f"Gaps in log backups are not shown: {trouble.what}")
        return None
    for row in told:
        if row.error:
            asked.note(f"Gaps in log backups are not shown: {row.error}")
    return chains.log_chain(told, own)
