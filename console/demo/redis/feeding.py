"""What do the clients of a group's real servers do? They ask, and fill what they miss: INFO tells a hit rate of it.

At a hundredth of the model's pace, on a hundredth of its keys: what is flushed is back after as long as the model's.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import datetime

from collectors.readings import ResourceId
from console.demo.metrics import HITS
from console.demo.redis.held import Held
from console.demo.redis.hundredth import SCALE, Command, Population, asking, family
from console.demo.redis.keys import left_s
from console.demo.redis.lines import AT_ONCE, Lines
from console.demo.redis.noticing import Noticing
from console.demo.redis.run import is_store
from console.demo.redis.shelf import Shelf

STEP_S = 0.5
MOST_A_STEP = 400  # of one node: where the play is far faster than the clock, it fills later than the model's
READS_TO_A_WRITE = 10
LEAST_OWED = -20.0
CACHE, STORE = "allkeys-lru", "noeviction"


class Feeder:
    """Of one group."""

    def __init__(self, lines: Lines, shelf: Shelf, noticing: Noticing, now: Callable[[], datetime]) -> None:
        self._model, self._lines, self._shelf, self._noticing = lines.model, lines, shelf, noticing
        self._now = now
        self._random = random.Random(str(lines.group))  # noqa: S311 - of a play
        self._asked = dict.fromkeys(lines.open, 0.0)  # and not yet sent
        self._owed = 0.0  # misses that the model has had, and these have not
        self._t = now().timestamp()

    async def run(self, is_fed: Callable[[], None]) -> None:
        """Until it is cancelled, or a line is lost. ``is_fed``: all is there, and what is flushed now is news."""
        await self._load()
        await self._noticing.look(self._now().timestamp())
        is_fed()
        while True:
            await self.step()
            await asyncio.sleep(STEP_S)

    async def step(self) -> None:
        t = self._now().timestamp()
        passed, self._t = max(0.0, t - self._t), t
        if await self._lines.recast(t):
            self._noticing.begin_anew()
        await self._noticing.look(t)
        await self._keep_policy()
        missed: set[int] = set()
        for about in self._lines.open:
            missed |= await self._ask(about, passed)
        lives = {each: float(family(each).lives_s) for each in missed}
        await self._lines.do(self._shelf.filled(lives, _clock()))

    async def _load(self) -> None:
        """All that the model holds now."""
        everything = [number for _, numbers in self._population().parts for number in numbers]
        there = Held(self._model, self._lines.primary, self._t).those_of(everything)
        ordered = sorted(there)
        for begin in range(0, len(ordered), AT_ONCE):  # made as they are sent: not all of them are in memory at once
            lives = {each: left_s(family(each), each, self._t) for each in ordered[begin : begin + AT_ONCE]}
            await self._lines.do(self._shelf.filled(lives, _clock()))

    def _population(self) -> Population:
        return Population.of(self._model.items(self._lines.primary, self._t))

    async def _keep_policy(self) -> None:
        """A scenario may make a store of it."""
        store = is_store(self._model, self._lines.primary, self._t)
        if store != self._shelf.is_store:
            for about in self._lines.open:
                await self._lines.say(about, [("CONFIG", "SET", "maxmemory-policy", STORE if store else CACHE)])
            await self._lines.do(self._shelf.turned(_clock(), into_store=store))

    async def _ask(self, about: ResourceId, passed: float) -> set[int]:
        """What was not there, and shall be filled."""
        count, absent = self._demand(about, passed)
        population = self._population()
        places = [self._random.randrange(population.size) for _ in range(count - absent)]
        missed: set[int] = set()
        present: list[int] = []
        for database in (0, 1):
            wanted = [each for each in map(population.at, places) if family(each).database == database]
            new: list[Command] = [("GET", f"session:new-{each}") for each in range(absent if database == 0 else 0)]
            if wanted or new:
                _, *answers = await self._lines.say(about, [("SELECT", str(database)), *map(asking, wanted), *new])
                found = {each: bool(answer) for each, answer in zip(wanted, answers, strict=False)}
                missed.update(each for each, there in found.items() if not there)
                present += [each for each, there in found.items() if there]
        self._owed = max(self._owed - len(missed & self._shelf.ends.keys()), LEAST_OWED)  # they had come to their end
        await self._lines.do(self._shelf.touched(present, _clock()))
        await self._lines.do(self._shelf.written(present[::READS_TO_A_WRITE]))
        return missed

    def _demand(self, about: ResourceId, passed: float) -> tuple[int, int]:
        """How often is it asked, and how often for what nobody has put there?"""
        numbers = self._model.metrics(about, self._t)
        hits, misses = ((numbers.get(name) or 0.0) / 60 / SCALE for name in ("CacheHits", "CacheMisses"))
        asked = min(self._asked[about] + (hits + misses) * passed, MOST_A_STEP)
        count = int(asked)
        self._asked[about] = asked - count
        if not count:
            return 0, 0
        self._owed += count * _usual_misses(misses / (hits + misses or 1.0), self._model.gone(about, self._t))
        absent = min(max(int(self._owed), 0), count)
        self._owed -= absent
        return count, absent


def _usual_misses(missed: float, gone: float) -> float:
    """The share that the model has where nothing was flushed."""
    return max(0.0, (missed - gone) / (1 - gone)) if gone < 0.5 else 1 - HITS


def _clock() -> float:
    return asyncio.get_running_loop().time()
