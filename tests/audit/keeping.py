"""An audit trail for tests: its time goes on by a second for each record, and its anchors are a list."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from console.audit.anchors import Anchor, FileAnchor, Head, default_file
from console.audit.record import Event, Who
from console.audit.trail import Trail

BEGIN = datetime(2026, 11, 21, 0, 24, 52, 113_000, tzinfo=UTC)
ALICE = Who("arn:aws:sts::111122223333:assumed-role/dbconsole-operator/alice", "alice", "ssh 10.0.0.7", "operator", 3)
RESOURCE = "arn:aws:rds:eu-west-1:111122223333:db:orders-primary"
BATTERY = int(os.environ.get("DBCONSOLE_BATTERY", "1"))


class Ticking:
    """A clock that moves by a second whenever it is asked, and a stopwatch that moves with it."""

    def __init__(self, begin: datetime = BEGIN) -> None:
        self.at = begin
        self.passed = 0.0

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def monotonic(self) -> float:
        self.passed += 1.0
        return self.passed


class Remembered(Anchor):
    """Another place, in memory."""

    name = "memory"

    def __init__(self) -> None:
        self.heads: list[Head] = []

    def tell(self, head: Head) -> None:
        self.heads.append(head)


Keep = Callable[..., Trail]


def keep(folder: Path, *, session: str = "S1", begin: datetime = BEGIN, anchors: tuple[Anchor, ...] = ()) -> Trail:
    clock = Ticking(begin)
    return Trail(folder, ALICE, session, clock.now, clock.monotonic, anchors=anchors)


@contextmanager
def kept(folder: Path, **more: object) -> Iterator[Trail]:
    trail = keep(folder, **more)  # type: ignore[arg-type]  # the same words
    try:
        yield trail
    finally:
        trail.close()


def written(
    folder: Path, records: int, *, anchored: bool = False, begin: datetime = BEGIN, session: str = "S1"
) -> Path:
    """One sealed segment with so many records in all; its file."""
    anchors = (FileAnchor(default_file(folder)),) if anchored else ()
    with kept(folder, begin=begin, session=session, anchors=anchors) as trail:
        file = folder / trail.file
        while trail.write(Event.PROGRESS, op="O1", res=RESOURCE, data={"percent": 12}).seq < records - 3:
            pass
    return file


def segments(folder: Path) -> list[Path]:
    return sorted(folder.glob("????-??-??/*.jsonl"))


def copied(folder: Path, to: Path) -> Path:
    """Nobody writes a copy."""
    shutil.copytree(folder, to)
    beside = default_file(folder)
    if beside.exists():
        shutil.copy(beside, default_file(to))
    return to
