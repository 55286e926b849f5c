"""Knocks at one door as long as a failover lasts: one knock at a time, at most so many a second."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from collectors.errors import Trouble
from collectors.knock.knock import Door, Knock, Knocker
from collectors.safe import NO_TEXT, Safe, sanitise
from console.engine.databases import Databases
from console.failover.case import Case
from console.failover.observed import Kind
from console.failover.outage import is_as_open

log = logging.getLogger(__name__)

EVERY_S, LEAST_S = 0.25, 0.05
PATIENT_S = 2.0  # once it is overdue: a server in trouble for hours is not to be asked four times a second
AGAIN_S = 2.0  # after what only our side lacks: an inventory that was not read yet, a login that is written now
NOBODY = Safe("Nobody can knock here: no login in the profile, or no way to its address.")


class Knocking:
    """``take`` hears each knock. ``trouble`` says why there are none; ``speed`` is of the estate's clock."""

    def __init__(self, databases: Databases, case: Case, take: Callable[[Knock], object], *, speed: float) -> None:
        self._databases, self._case, self._take = databases, case, take
        self._speed = speed
        self.is_patient = False
        self.endpoint: Safe = NO_TEXT
        self.trouble: Safe = NO_TEXT

    @property
    def every_s(self) -> float:
        """Of real time."""
        return max(LEAST_S, (PATIENT_S if self.is_patient else EVERY_S) / self._speed)

    @property
    def every_ms(self) -> int:
        """Of the estate's time."""
        return round(self.every_s * self._speed * 1000)

    async def go_on(self) -> None:
        """Until cancelled."""
        while True:
            doors = self._doors()
            if doors:
                self.endpoint = doors[0].endpoint
                await self._with(doors)
            else:
                self.trouble = NOBODY
            await asyncio.sleep(AGAIN_S / self._speed)

    def _doors(self) -> list[Knocker]:
        """Of a cache all its nodes', where each has its own: whichever is open is the primary's."""
        case = self._case
        names = case.about if case.kind is Kind.CACHE else (case.resource,)
        found = [knocker for name in names if (knocker := self._databases.knocker(name)) is not None]
        return list({knocker.endpoint: knocker for knocker in found}.values())

    async def _with(self, doors: Sequence[Knocker]) -> None:
        """Returns where it cannot knock any more."""
        while True:
            began = time.monotonic()
            try:
                knock = await most_open(doors)
            except Trouble as lacking:
                self.trouble = sanitise(lacking.line())
                return
            except Exception as error:
                log.exception("a knock at %s", self.endpoint)
                self.trouble = sanitise(f"The probe failed: {type(error).__name__}. The engine's log says more.")
                return
            self.trouble = NO_TEXT
            self._take(knock)
            await asyncio.sleep(max(0.0, began + self.every_s - time.monotonic()))


async def most_open(doors: Sequence[Knocker]) -> Knock:
    """At the first door, and where that is not open at all others: the first that is, else the most open."""
    first = await doors[0].knock()
    if first.door is Door.OPEN or len(doors) == 1:
        return first
    best, others = first, [asyncio.create_task(door.knock()) for door in doors[1:]]
    try:
        for done in asyncio.as_completed(others):
            knock = await done
            if not is_as_open(best.door, knock.door):
                best = knock
            if best.door is Door.OPEN:
                break
    finally:
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
    return best
