"""What did a file do between two samples of counters that only rise, and how long did each read and write wait?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

LEAST = 10  # reads or writes; the average of fewer says nothing of the storage


class FileKey(NamedTuple):
    """Where a number is used again, the counters fall: then counting begins anew."""

    database: int
    file: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Since whoever counts began to."""

    reads: int
    read_bytes: int
    read_stall_ms: int
    writes: int
    write_bytes: int
    write_stall_ms: int

    def parts(self) -> tuple[int, ...]:
        return (
            self.reads,
            self.read_bytes,
            self.read_stall_ms,
            self.writes,
            self.write_bytes,
            self.write_stall_ms,
        )


@dataclass(frozen=True, slots=True)
class FileSample:
    """All files of one moment. ``epoch`` is which node counts since when; ``ms`` that node's own clock."""

    epoch: tuple[object, ...]
    ms: int
    counts: Mapping[FileKey, Counts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileRate:
    """One file during the interval."""

    reads_per_s: float = 0.0
    writes_per_s: float = 0.0
    read_bytes_per_s: float = 0.0
    write_bytes_per_s: float = 0.0
    read_ms: float | None = None  # None: too few to say
    write_ms: float | None = None
    stalled_percent: float = 0.0


def interval_s(before: FileSample | None, after: FileSample) -> float | None:
    """None where there is nothing to compare with: no sample, another node, or one that started anew."""
    if before is None or before.epoch != after.epoch or after.ms <= before.ms:
        return None
    return (after.ms - before.ms) / 1000


def file_deltas(before: FileSample | None, after: FileSample) -> Mapping[FileKey, FileRate]:
    """By file. One that is new, or whose counters fell, is absent: it has nothing to be compared with."""
    elapsed = interval_s(before, after)
    if before is None or elapsed is None:
        return {}
    pairs = ((key, before.counts.get(key), now) for key, now in after.counts.items())
    found = ((key, _rate(then, now, elapsed)) for key, then, now in pairs if then is not None)
    return {key: rate for key, rate in found if rate is not None}


def _rate(before: Counts, after: Counts, elapsed_s: float) -> FileRate | None:
    gained = Counts(*(now - then for then, now in zip(before.parts(), after.parts(), strict=True)))
    if min(gained.parts()) < 0:
        return None
    return FileRate(
        reads_per_s=gained.reads / elapsed_s,
        writes_per_s=gained.writes / elapsed_s,
        read_bytes_per_s=gained.read_bytes / elapsed_s,
        write_bytes_per_s=gained.write_bytes / elapsed_s,
        read_ms=gained.read_stall_ms / gained.reads if gained.reads >= LEAST else None,
        write_ms=gained.write_stall_ms / gained.writes if gained.writes >= LEAST else None,
        stalled_percent=(gained.read_stall_ms + gained.write_stall_ms) / elapsed_s / 10,
    )
