"""What has become of a group's keys: which were deleted one by one, and what somebody has written by hand?"""

from __future__ import annotations

import asyncio
import bisect
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from console.demo.flushes import MOST_RUNS, Run
from console.demo.redis.held import Held
from console.demo.redis.keys import run_of
from console.demo.redis.resp import Failure
from console.demo.reporting import Reports

log = logging.getLogger(__name__)

TOLD_S = 1.0  # deletions are told together
NEAR = 64  # numbers
MOST_WRITTEN, MOST_VALUE = 10_000, 64 * 1024
FULL = "OOM command not allowed when used memory > 'maxmemory'."


@dataclass(frozen=True, slots=True)
class Written:
    value: str
    ends: float | None  # None: never


class Content:
    """Of one group. What is written by hand is this process' own; what is deleted or flushed is the play's."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports
        self._written: dict[tuple[int, str], Written] = {}
        self._deleted: list[Run] = []
        self._being_told: list[Run] = []
        self.pending_calls = 0
        self._telling: asyncio.Task[None] | None = None

    def written(self, database: int, name: str, t: float) -> Written | None:
        found = self._written.get((database, name))
        if found is not None and found.ends is not None and found.ends <= t:
            del self._written[database, name]
            return None
        return found

    def names(self, database: int, t: float) -> list[str]:
        mine = [name for of, name in self._written if of == database]
        return [name for name in mine if self.written(database, name, t) is not None]

    def write(self, database: int, name: str, written: Written) -> None:
        is_new = (database, name) not in self._written
        if (is_new and len(self._written) >= MOST_WRITTEN) or len(written.value) > MOST_VALUE:
            raise Failure(FULL)
        self._written[database, name] = written

    def forget(self, database: int, name: str) -> bool:
        return self._written.pop((database, name), None) is not None

    async def flush(self, about: ResourceId, database: int | None, operation: str) -> None:
        """Of one database, or of all. Raises `CannotCollect` where nobody knows whether it was done."""
        databases = {of for of, _ in self._written} | set(range(16)) if database is None else {database}
        runs = tuple(run for each in sorted(databases) if (run := run_of(each))[1] > run[0])
        await self._reports.flushed(about, operation, runs=runs)
        self._written = {key: value for key, value in self._written.items() if key[0] not in databases}

    @property
    def pending(self) -> list[Run]:
        """Deleted, and not known to the play yet."""
        return [*self._being_told, *self._deleted]

    def delete(self, about: ResourceId, numbers: list[int], held: Held) -> None:
        """Gone at once; the play hears of it a moment later. ``numbers``: of keys that are there."""
        self.pending_calls += 1
        for run in _runs(sorted(numbers), held):
            _add(self._deleted, run)
        if numbers and self._telling is None:
            self._telling = asyncio.create_task(self._tell_later(about), name="deletions of the demo")

    async def end(self, about: ResourceId) -> None:
        """What was deleted is told before nobody is there to tell it."""
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.wait([self._telling])
            self._telling = None
        await self._tell(about)

    async def _tell_later(self, about: ResourceId) -> None:
        while self._deleted:
            await asyncio.sleep(TOLD_S)
            await self._tell(about)
        self._telling = None

    async def _tell(self, about: ResourceId) -> None:
        self._being_told, self._deleted = self.pending, []
        runs, calls = self._being_told, self.pending_calls
        try:
            for begin in range(0, len(runs), MOST_RUNS):
                part = tuple(runs[begin : begin + MOST_RUNS])
                await self._reports.flushed(about, "UNLINK", runs=part, calls=0 if begin else calls)
        except CannotCollect as trouble:
            log.warning("what was deleted comes back: %s", trouble.line())
        self._being_told = []
        self.pending_calls -= calls if runs else 0


def _runs(numbers: Sequence[int], held: Held) -> Iterator[Run]:
    """With nothing between them that is there, two are one run: what is missing already is missing a little longer."""
    first = last = -1
    for number in numbers:
        if first >= 0 and (number - last > NEAR or any(True for _ in held.between(last + 1, number))):
            yield first, last + 1
            first = -1
        first, last = (number if first < 0 else first), number
    if first >= 0:
        yield first, last + 1


def _add(runs: list[Run], run: Run) -> None:
    """Into its place; those that it touches are one with it."""
    first, end = run
    at = bisect.bisect_left(runs, (first, end))
    while at < len(runs) and runs[at][0] <= end:
        end = max(end, runs.pop(at)[1])
    while at and runs[at - 1][1] >= first:
        at -= 1
        before = runs.pop(at)
        first, end = before[0], max(end, before[1])
    runs.insert(at, (first, end))
