"""A pair that fails over, watched: knocked at each quarter of a second, and looked at on a screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from collectors.aws.known import Found, Known
from collectors.aws.place import Account, Place
from collectors.clock import RealClock
from collectors.job import Job
from collectors.knock.knock import Door, Knock, Knocker
from collectors.readings import Described, ResourceId
from collectors.safe import NO_TEXT, sanitise
from console.engine.core import Core, Identity
from console.engine.databases import LiveDatabases
from console.estate.fold import LAG
from console.screen import trail
from profiles.model import Profile
from tests.rig.stage import Seen, screen

HOME = Place(Account("home"), "eu-west-1")
EVERY_S = 0.25
BEAT_S = 0.02
EVERY = timedelta(seconds=5)  # of the collector
MOST_LAG_S = 5.0  # of links over which nothing is written that would take long
CLOSE = timedelta(seconds=0.5)  # what the probe says of an outage is to be so near the truth


def found(name: str, kind: str, engine: str, port: int) -> Found:
    space = "AWS/ElastiCache" if kind == "cache" else "AWS/RDS"
    about = ResourceId(sanitise(name))
    return Found(about, HOME, kind, engine, name, "", space, (), endpoint=("localhost", port))


@dataclass
class Watch:
    """The knocks so far, and when the test did what it did."""

    knocker: Knocker
    knocks: list[Knock] = field(default_factory=list)
    acts: dict[str, datetime] = field(default_factory=dict)
    late: timedelta = timedelta()  # the longest that a machine with other work kept this process waiting
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def act(self, name: str, work: Callable[[], object]) -> None:
        """In a thread, for the knocks go on; its time is when it was done."""
        await asyncio.to_thread(work)
        self.acts[name] = datetime.now(UTC)

    async def until(self, *doors: Door) -> Knock:
        """The first knock of such a door from now on, once there is one."""
        return await self.until_so(lambda each: each.door in doors)

    async def until_so(self, is_so: Callable[[Knock], bool]) -> Knock:
        known = len(self.knocks)
        async with asyncio.timeout(30), self._news:
            await self._news.wait_for(lambda: any(map(is_so, self.knocks[known:])))
        return next(each for each in self.knocks[known:] if is_so(each))

    async def run(self) -> None:
        while True:
            due = asyncio.get_running_loop().time() + EVERY_S
            knock = await self.knocker.knock()
            async with self._news:
                self.knocks.append(knock)
                self._news.notify_all()
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))

    async def beat(self) -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(BEAT_S)
            self.late = max(self.late, timedelta(seconds=time.monotonic() - began - BEAT_S))

    @property
    def first_shut(self) -> Knock:
        return next(each for each in self.knocks if each.door in (Door.DARK, Door.RECOVERING))

    @property
    def first_open_again(self) -> Knock:
        after = self.knocks[self.knocks.index(self.first_shut) :]
        return next(each for each in after if each.door is Door.OPEN)

    def agrees(self, *, down: str, up: str) -> None:
        """With the test's own log of what it did: neither late, nor before it can have been so."""
        near = CLOSE + 2 * self.late
        assert -near < self.first_shut.began - self.acts[down] < near, (self.first_shut, self.acts)
        assert -near < self.first_open_again.ended - self.acts[up] < near, (self.first_open_again, self.acts)
        before = self.knocks[self.knocks.index(self.first_shut) - 1]
        assert before.began <= self.acts[down], "it was open until then"
        gaps = [later.began - earlier.began for earlier, later in pairwise(self.knocks)]
        assert max(gaps) < near, f"nothing of ours held the knocks up; the machine did by {self.late}"


@asynccontextmanager
async def watching(profile: dict[str, Any], at: Found) -> AsyncIterator[Watch]:
    """As a live engine knocks there, on the machine's own time."""
    live = _live(Core(Identity("live", "live"), RealClock()), profile, at)
    knocker = live.knocker(at.id)
    assert knocker is not None
    watch = Watch(knocker)
    task, beat = asyncio.ensure_future(watch.run()), asyncio.ensure_future(watch.beat())
    try:
        await watch.until(Door.OPEN)
        yield watch
    finally:
        task.cancel()
        beat.cancel()
        await asyncio.wait((task, beat))
        await live.end()
        if not task.cancelled():
            task.result()


@dataclass
class Panes:
    """A screen on an engine that looks into the pair as into any live estate."""

    seen: Seen
    live: LiveDatabases
    names: Sequence[str]

    async def look(self, about: str, *words: str, without: str = "") -> str:
        """What the pane of replication says of one, once it says that; asked again until it does."""
        self.seen.app.go(trail.Place("replication", sanitise(about)))
        end = time.monotonic() + 60  # on a machine that is busy
        while True:
            assert time.monotonic() < end, f"it never came to say so:\n{self.seen.text}"
            clock = self.seen.engine.core.clock
            await clock.sleep_until(clock.now() + EVERY)  # what nobody renews grows old
            for name in self.names:
                await self.seen.engine.core.schedule.one_pass(Job("replica-lag", ResourceId(sanitise(name))))
                self._is_sound(name)
            self.seen.engine.say()
            await self.seen.pilot.pause(0.1)
            text = " ".join(self.seen.text.split())
            if all(each in text for each in words) and not (without and without in text):
                return text


    def _is_sound(self, name: str) -> None:
        """Counters of another node are begun anew: no distance is negative, and none leaps."""
        lag = self.seen.engine.core.estate.resources[ResourceId(sanitise(name))].latest.get(LAG)
        assert lag is None or lag.value is None or 0 <= lag.value < MOST_LAG_S, (name, lag)


@asynccontextmanager
async def panes(folder: Path, profile: dict[str, Any], engine: str, *listed: Found) -> AsyncIterator[Panes]:
    async with screen(folder, (160, 50)) as seen:
        core = seen.engine.core
        for each in listed:
            kind = (sanitise(each.kind), sanitise(engine))
            core.estate.fold(Described(each.id, core.clock.now(), *kind, *(NO_TEXT,) * 5))
        live = _live(core, profile, *listed)
        try:
            yield Panes(seen, live, [each.name for each in listed])
        finally:
            live.list_is(())
            await live.end()


def _live(core: Core, profile: dict[str, Any], *listed: Found) -> LiveDatabases:
    known = Known()
    live = LiveDatabases(core, Profile.model_validate({"name": "live", **profile}), known.find, _nobody)
    known.put(HOME, listed)
    live.list_is(listed)
    return live


def _nobody(place: Place) -> Any:
    raise AssertionError(f"nothing of AWS is read here: {place}")
