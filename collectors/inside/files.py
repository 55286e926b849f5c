"""How do a database's files, logs and temporary space do?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from collectors.readings import Inside
from collectors.safe import NO_TEXT, Safe


@dataclass(frozen=True, slots=True)
class FileUse:
    """One file during the interval."""

    database: Safe
    name: Safe
    kind: Safe  # data, log …
    size_bytes: int
    reads_per_s: float
    writes_per_s: float
    read_bytes_per_s: float
    write_bytes_per_s: float
    read_ms: float | None  # of one read; None: too few to say
    write_ms: float | None
    stalled_percent: float = 0.0  # share of the interval spent waiting for it, by all who did


@dataclass(frozen=True, slots=True)
class Database:
    """One database, and its log."""

    name: Safe
    state: Safe
    recovery: Safe
    log_bytes: int = 0
    log_used_percent: float | None = None
    reuse: Safe = NO_TEXT  # why the log cannot be used again, as the engine calls it; empty: it can
    reuse_words: Safe = NO_TEXT  # the same for a person, and what would help
    segments: int | None = None  # of the log (VLFs); None: not asked
    version_store_kb: int = 0
    access: Safe = NO_TEXT  # who may enter, where that is not everybody


@dataclass(frozen=True, slots=True)
class Temporary:
    """The space in which everybody sorts and spills."""

    free_kb: int
    user_kb: int
    internal_kb: int
    versions_kb: int
    files: int


@dataclass(frozen=True, slots=True)
class Volume:
    """Where files lie."""

    name: Safe
    total_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Files(Inside):
    part: ClassVar[Safe] = Safe("files")

    files: tuple[FileUse, ...]
    databases: tuple[Database, ...]
    temporary: Temporary | None
    interval_s: float | None  # None: nothing to compare with yet
    volumes: tuple[Volume, ...] = ()
    more: int = 0  # files that were there too, and waited less
