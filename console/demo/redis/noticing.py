"""Has somebody flushed a real server of the demo? Its own command statistics say so, and then the play hears of it."""

from __future__ import annotations

import asyncio
import logging

from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from console.demo.flushes import MOST_RUNS, Run
from console.demo.model import Model
from console.demo.redis.held import Held
from console.demo.redis.hundredth import Told, family, runs, within
from console.demo.redis.keys import number_of
from console.demo.redis.lines import Lines
from console.demo.redis.shelf import Shelf
from console.demo.reporting import Reports

log = logging.getLogger(__name__)

LOOKS_S = 5.0  # while somebody deletes on and on, what is gone is looked for as often
SCAN_COUNT = "500"


class Noticing:
    """Of one group."""

    def __init__(self, model: Model, lines: Lines, shelf: Shelf, reports: Reports) -> None:
        self._model, self._lines, self._shelf, self._reports = model, lines, shelf, reports
        self._known = model.flushes.ids  # what they took is not there
        self._told: Told | None = None  # None: what has been counted is not news
        self._unlinked, self._looked = 0, 0.0
        self._untold: list[tuple[ResourceId, str, tuple[Run, ...], int]] = []

    def begin_anew(self) -> None:
        """Another node counts, and has counted what it copied too."""
        self._told = None

    async def look(self, t: float) -> None:
        """Whatever went is told, and no longer on the shelf."""
        before, self._told = self._told, await self._lines.told()
        rose = {} if before is None else self._told.since(before)
        for name in ("flushall", "flushdb"):
            if before is not None and (calls := rose.get(name)):
                gone = self._told.emptied_since(before)
                self._shelf.forget(within(self._shelf.ends, gone))
                self._untold.append((self._lines.primary, name.upper(), gone, calls))
        self._unlinked += rose.get("unlink", 0)
        now = asyncio.get_running_loop().time()
        if self._unlinked and ("unlink" not in rose or now - self._looked > LOOKS_S):
            self._looked = now
            await self._look_for_deleted(now)
        await self._tell()
        await self._take_away(t)

    async def _look_for_deleted(self, now: float) -> None:
        """Which are not there, and should have been for longer?"""
        calls, self._unlinked = self._unlinked, 0
        gone = self._shelf.living(now)
        for database in {family(each).database for each in gone}:
            gone -= await self._there(database)
        self._shelf.forget(gone)
        self._untold.append((self._lines.primary, "UNLINK", runs(gone), calls))

    async def _there(self, database: int) -> set[int]:
        found: set[int] = set()
        cursor = "0"
        while True:
            asked = [("SELECT", str(database)), ("SCAN", cursor, "COUNT", SCAN_COUNT)]
            _, (after, names) = await self._lines.say(self._lines.primary, asked)
            numbers = (number_of(database, bytes(each).decode("utf-8", "replace")) for each in names)
            found.update(each for each in numbers if each is not None)
            cursor = bytes(after).decode()
            if cursor == "0":
                return found

    async def _tell(self) -> None:
        """What nobody hears now is told the next time."""
        while self._untold:
            about, operation, gone, calls = self._untold[0]
            try:
                flush = await self._reports.flushed(about, operation, runs=gone[:MOST_RUNS], calls=calls)
            except CannotCollect as trouble:
                log.warning("a flush of %s is not told yet: %s", about, trouble.line())
                return
            self._known |= {flush.id}
            rest = gone[MOST_RUNS:]
            self._untold[:1] = [(about, operation, rest, 0)] if rest else []

    async def _take_away(self, t: float) -> None:
        """What was flushed by another console of the same play, at servers of its own."""
        if self._model.flushes.ids == self._known:
            return
        others = [each for each in self._model.flushes.all if each.id not in self._known]
        self._known = self._model.flushes.ids
        gone = [run for each in others if self._model.data_of(each.about) == self._lines.group for run in each.runs]
        if numbers := within(self._shelf.ends, gone):
            held = Held(self._model, self._lines.primary, t).those_of(numbers)
            await self._lines.do(self._shelf.deleted(set(numbers) - held))
