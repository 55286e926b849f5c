"""How do the files, the logs and tempdb of a SQL Server do?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import timedelta
from typing import ClassVar

from pydantic import BaseModel

from collectors.file_deltas import Counts, FileKey, FileRate, FileSample, file_deltas, interval_s
from collectors.inside.files import Files, FileUse, Temporary, Volume
from collectors.readings import Reading, ResourceId
from collectors.safe import Safe, sanitise
from collectors.sqlserver.asking import VIEW_SERVER_STATE, Question, Servers, text_of
from collectors.sqlserver.collector import Now, SqlServerCollector
from collectors.sqlserver.counting import counting
from collectors.sqlserver.databases import databases

VIEW_ANY_DEFINITION = "VIEW ANY DEFINITION"
WITHIN = timedelta(seconds=5)
MOST_FILES = 200
KINDS = {"ROWS": Safe("data"), "LOG": Safe("log"), "FILESTREAM": Safe("filestream"), "FULLTEXT": Safe("full text")}
NOT_TOLD = Safe("not told")  # of a file: names of files want a grant of their own
PAGE_KB = 8

FILES = Question("files", text_of("files"), (VIEW_SERVER_STATE, VIEW_ANY_DEFINITION), WITHIN)
DATABASES = Question("databases", text_of("databases"), ("VIEW ANY DATABASE",), WITHIN)
LOG_SPACE = Question("log_space", text_of("log_space"), (VIEW_SERVER_STATE,), WITHIN)
TEMPDB = Question("tempdb", text_of("tempdb"), (VIEW_SERVER_STATE,), WITHIN)


class FileRow(BaseModel):
    database_id: int
    file_id: int
    database_name: str
    file_name: str | None
    type_desc: str | None
    num_of_reads: int
    num_of_bytes_read: int
    io_stall_read_ms: int
    num_of_writes: int
    num_of_bytes_written: int
    io_stall_write_ms: int
    size_on_disk_bytes: int

    @property
    def key(self) -> FileKey:
        return FileKey(self.database_id, self.file_id)

    @property
    def counts(self) -> Counts:
        return Counts(
            self.num_of_reads,
            self.num_of_bytes_read,
            self.io_stall_read_ms,
            self.num_of_writes,
            self.num_of_bytes_written,
            self.io_stall_write_ms,
        )


class VolumeRow(BaseModel):
    volume: str | None
    total_bytes: int
    available_bytes: int


class TemporaryRow(BaseModel):
    files: int
    free_pages: int
    user_pages: int
    internal_pages: int
    version_pages: int


class FileStalls(SqlServerCollector):
    """One Files for each pass; the first of a node has no rates."""

    name: ClassVar[str] = "files"
    asks = ("files", "databases", "log_space", "tempdb")
    every: ClassVar[timedelta] = timedelta(seconds=30)
    needs: ClassVar[tuple[str, ...]] = (VIEW_SERVER_STATE,)

    def __init__(self, servers: Servers, now: Now) -> None:
        super().__init__(servers, now)
        self._before: dict[ResourceId, FileSample] = {}

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        server = self._servers.of(target)
        stalls = await server.ask(FILES)
        head, rows = counting(stalls), stalls[1].as_(FileRow)
        there = await server.ask(DATABASES)
        logs = await server.ask(LOG_SPACE)
        space = await server.ask(TEMPDB)
        sample = FileSample(head.epoch, head.ms_ticks, {row.key: row.counts for row in rows})
        before, self._before[target] = self._before.get(target), sample
        used = _files(rows, file_deltas(before, sample))
        yield Files(
            target,
            self._now(),
            files=used[:MOST_FILES],
            databases=databases(there[0], logs, space[1]),
            temporary=next(map(_temporary, space[0].as_(TemporaryRow)), None),
            interval_s=interval_s(before, sample),
            volumes=tuple(_volume(row) for row in stalls[2].as_(VolumeRow)),
            more=max(0, len(used) - MOST_FILES),
        )


def _files(rows: Iterable[FileRow], rates: Mapping[FileKey, FileRate]) -> tuple[FileUse, ...]:
    """Those that are waited for most first; among equals as they come."""
    used = [_file(row, rates.get(row.key, FileRate())) for row in rows]
    return tuple(sorted(used, key=lambda file: -file.stalled_percent))


def _file(row: FileRow, rate: FileRate) -> FileUse:
    return FileUse(
        database=sanitise(row.database_name),
        name=NOT_TOLD if row.file_name is None else sanitise(row.file_name),
        kind=KINDS.get(row.type_desc or "", sanitise((row.type_desc or "").lower())),
        size_bytes=row.size_on_disk_bytes,
        reads_per_s=rate.reads_per_s,
        writes_per_s=rate.writes_per_s,
        read_bytes_per_s=rate.read_bytes_per_s,
        write_bytes_per_s=rate.write_bytes_per_s,
        read_ms=rate.read_ms,
        write_ms=rate.write_ms,
        stalled_percent=rate.stalled_percent,
    )


def _temporary(row: TemporaryRow) -> Temporary:
    return Temporary(
        free_kb=PAGE_KB * row.free_pages,
        user_kb=PAGE_KB * row.user_pages,
        internal_kb=PAGE_KB * row.internal_pages,
        versions_kb=PAGE_KB * row.version_pages,
        files=row.files,
    )


def _volume(row: VolumeRow) -> Volume:
    return Volume(sanitise(row.volume or ""), row.total_bytes, row.available_bytes)
