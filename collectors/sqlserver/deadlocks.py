"""Which deadlocks has a SQL Server met? From the files of its own system_health session, each told once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from pydantic import BaseModel

from collectors.database.rows import Rows
from collectors.errors import CannotCollect
from collectors.readings import Happened, Reading, ResourceId, Severity
from collectors.safe import Safe, sanitise
from collectors.sqlserver.asking import VIEW_SERVER_STATE, Question, Server, Servers, text_of
from collectors.sqlserver.collector import Now, SqlServerCollector
from collectors.sqlserver.deadlock_report import deadlock

AT_FIRST = timedelta(hours=1)  # what is older is no news to whoever looks now
SYSTEM_HEALTH = "system_health*.xel"
ON_RDS = "D:\\rdsdbdata\\log\\" + SYSTEM_HEALTH
WITHOUT_EVENTS = ("Web", "Express")  # editions that on RDS may not read extended events
SOURCE = Safe("sqlserver")

HEALTH = Question("deadlock_source", text_of("deadlock_source"))
REPORTS = Question("deadlocks", text_of("deadlocks"), within=timedelta(seconds=30))


class SourceRow(BaseModel):
    node: str
    started: datetime
    now_utc: datetime
    edition: str
    is_rds: int
    deadlocks: int | None

    @property
    def epoch(self) -> tuple[str, datetime]:
        return self.node, self.started

    @property
    def now(self) -> datetime:
        return self.now_utc.replace(tzinfo=UTC) if self.now_utc.tzinfo is None else self.now_utc

    @property
    def has_reports(self) -> bool:
        return not (self.is_rds and self.edition.startswith(WITHOUT_EVENTS))


class EventRow(BaseModel):
    file_name: str
    file_offset: int
    event_data: str | None


@dataclass(slots=True)
class _Read:
    """How far one node's files were read, and what its counter was."""

    epoch: tuple[str, datetime]
    counted: int | None
    file: str = ""
    offset: int = 0
    since: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    told: set[tuple[datetime, int]] = field(default_factory=set)


class Deadlocks(SqlServerCollector):
    """One Happened for each deadlock, once; in the first pass those of the last hour.

    RDS gives Web and Express editions no extended events. There its counter says how many there were, and no more.
    """

    name: ClassVar[str] = "deadlocks"
    asks = ("deadlock_source", "deadlocks")
    every: ClassVar[timedelta] = timedelta(seconds=60)
    needs: ClassVar[tuple[str, ...]] = (VIEW_SERVER_STATE,)

    def __init__(self, servers: Servers, now: Now) -> None:
        super().__init__(servers, now)
        self._read: dict[tuple[ResourceId, str], _Read] = {}

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        server = self._servers.of(target)
        rows = (await server.ask(HEALTH))[0].as_(SourceRow)
        if not rows:
            raise CannotCollect("The server did not say which node it is.", mend="Look whether it is starting.")
        source = rows[0]
        read = self._read.get((target, source.node))
        if read is None or (not source.has_reports and read.epoch != source.epoch):
            read = _Read(source.epoch, source.deadlocks, since=source.now - AT_FIRST)
            self._read[target, source.node] = read
        if not source.has_reports:
            for counted in _counted(target, source, read):
                yield counted
            return
        events = (await _reports(server, source, read)).as_(EventRow)
        for happened in _told(target, source, read, events):
            yield happened
        if events:  # all were told: the next question may begin behind them
            read.file, read.offset = events[-1].file_name, events[-1].file_offset


async def _reports(server: Server, source: SourceRow, read: _Read) -> Rows:
    path = ON_RDS if source.is_rds else SYSTEM_HEALTH
    try:
        return (await server.ask(REPORTS, path, read.file, read.offset))[0]
    except CannotCollect:
        read.file, read.offset = "", 0  # the file may be gone: the next pass begins at the first that is there
        raise


def _told(target: ResourceId, source: SourceRow, read: _Read, events: tuple[EventRow, ...]) -> Iterator[Happened]:
    for event in events:
        if event.event_data is None:
            continue
        met = deadlock(event.event_data, source.now)
        key = (met.at, hash(event.event_data))  # wherever it is written
        if met.at < read.since or key in read.told:
            continue
        yield Happened(target, met.at, met.sentence(), Severity.WARNING, SOURCE)
        read.told.add(key)  # after it: what a cancelled pass did not hand on is told by the next
    newest = max((at for at, _ in read.told), default=read.since)
    read.since = max(read.since, newest - AT_FIRST)  # the files are read in order, but not written to the millisecond
    read.told = {key for key in read.told if key[0] >= read.since}


def _counted(target: ResourceId, source: SourceRow, read: _Read) -> Iterator[Happened]:
    before, read.counted = read.counted, source.deadlocks
    if before is None or source.deadlocks is None or source.deadlocks <= before:
        return
    many = source.deadlocks - before
    words = "a deadlock" if many == 1 else f"{many} deadlocks"
    text = f"{words} since the last look; who met is not told: RDS has no extended events for {source.edition}"
    yield Happened(target, source.now, sanitise(text), Severity.WARNING, SOURCE)
