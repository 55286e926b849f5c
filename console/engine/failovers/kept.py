"""Failovers that outlive their engine: those that go on, and the last that have ended."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from collectors.safe import NO_TEXT, Safe
from console.failover.run import Run
from console.kept import KeptFile

log = logging.getLogger(__name__)

FORMAT = 1
MOST = 50  # failovers


@dataclass(frozen=True, slots=True)
class KeptRun:
    run: Run
    acknowledged: Safe = NO_TEXT


@dataclass(frozen=True, slots=True)
class _Kept:
    format: int
    of: str  # the run of the engine: one that is started anew begins anew
    at: datetime
    runs: tuple[KeptRun, ...]


_ADAPTER = TypeAdapter(_Kept)


class KeptRuns:
    """One file, replaced whole. Without a folder nothing outlives the engine."""

    def __init__(self, folder: Path | None, of: str) -> None:
        self._file = KeptFile(folder / "failovers.kept") if folder else None
        self._of = of

    def read(self) -> tuple[datetime, tuple[KeptRun, ...]] | None:
        """And when it was written; None where there is nothing that can be used."""
        kept = self._file.read() if self._file else None
        if kept is None:
            return None
        try:
            found = _ADAPTER.validate_json(kept)
        except ValidationError as error:
            log.warning("former failovers are not known: %s faults", error.error_count())
            return None
        return (found.at, found.runs) if (found.format, found.of) == (FORMAT, self._of) else None

    def write(self, runs: Iterable[KeptRun], at: datetime) -> None:
        """At the end, at once."""
        if self._file is not None:
            self._file.write([self._encoded(runs, at)])

    async def write_soon(self, runs: Iterable[KeptRun], at: datetime) -> None:
        if self._file is not None:
            await self._file.write_soon([self._encoded(runs, at)])

    def _encoded(self, runs: Iterable[KeptRun], at: datetime) -> bytes:
        newest = sorted(runs, key=lambda kept: kept.run.began)[-MOST:]
        return _ADAPTER.dump_json(_Kept(FORMAT, self._of, at, tuple(newest)))
