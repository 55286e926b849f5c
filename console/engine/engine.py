"""The engine that screens share: a core, two sockets, a memory on disk, and the leases it lives by."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from typing import TYPE_CHECKING, Literal

from collectors.clock import Clock, PacedClock, RealClock
from collectors.safe import Safe
from console import __version__, profiles
from console.engine.answers import Answers
from console.engine.chronicle import Chronicle
from console.engine.core import Core, Identity
from console.engine.failovers.asked import Asked
from console.engine.failovers.failovers import Failovers
from console.engine.failovers.past import Past, Sources
from console.engine.failovers.surroundings import Surroundings
from console.engine.flushes.flushes import Flushes
from console.engine.memory import Memory
from console.engine.outside import Outside
from console.engine.pacing import MOST_PER_S
from console.engine.presence import Roster
from console.engine.sharing.begin import begin as begin_sharing
from console.engine.wait_memory import WaitMemory
from console.leases import Leases
from console.profile_errors import profile_of, shipped
from console.protocol.op import Offers
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve
from console.protocol.sockets import SocketLink, listen
from console.readonly import reason
from console.specs import EngineSpec
from profiles.model import Profile

if TYPE_CHECKING:
    from console.engine.acting.begin import Actor

log = logging.getLogger(__name__)

STEP_S = 1.0
QUICK_STEP_S, QUICK_FOR_S = 0.25, 15.0
LIVE = "live"  # what AWS said is as good for the next start as for this one
LEASES_S = 0.25  # how often it is asked whether anybody needs this engine
REMEMBER_S = 5.0
ENDING_S = 0.5  # for connections to be closed in order: the server closes the rest


class Engine:
    def __init__(self, spec: EngineSpec, *, profile: Profile | None = None) -> None:
        """``profile`` in place of the one that the spec names: for tests."""
        self._spec = spec
        play = spec.play
        profile = profile or (shipped(spec.estate) if play else profile_of(spec.estate))
        clock: Clock = PacedClock(play.start, play.speed, play.anchor) if play else RealClock()
        mode: Literal["demo", "live"] = "demo" if play else "live"
        speed, board = play.speed if play else 1.0, profiles.board(profile)
        promised, kept = profiles.objectives(profile), profiles.tiers(profile)
        identity = Identity(profile.name, mode, speed, spec.notices, board, promised, kept)
        run = spec.run if play else LIVE
        self._chronicle = Chronicle(spec.state, run)
        meant = profiles.intents(profile)
        waits = WaitMemory(spec.state, run)
        waits.recall()
        limits = profiles.limits(profile)
        self._core = core = Core(
            identity,
            clock,
            limits,
            intents=meant,
            chronicle=self._chronicle,
            wait_memory=waits,
            promises=profiles.promises(profile),
        )
        self._memory = Memory(spec.state, run, core.publisher.courses) if spec.state else None
        if self._memory:
            self._memory.recall(core.estate)
            core.recalled()
        folder = None if play else spec.state  # what the demo spends is no money
        self._outside = Outside(
            core, profile, play=play, aws=spec.aws, folder=folder, log_folder=spec.state, run=spec.run
        )
        outside = self._outside
        past, retry = (outside.summon, outside.recollect), outside.databases.retry
        self._failovers = _failovers(spec, core, outside, run)
        self._flushes = Flushes(core, speed=speed)
        self._actor = self._acting(profile)
        act = self._actor.answer if self._actor else None
        sources = Sources(outside.aws.known, outside.sessions.reader, lambda: core.estate.resources, clock.now)
        failover = Asked(self._failovers, Past(self._failovers, sources), core.clock.now).answer
        asked = Answers(
            core.publisher.see, core.schedule, *past, outside.inquire, act=act, failover=failover, retry=retry
        )
        self._requests = Requests(asked)
        self._roster = Roster(lambda user, body: core.teller.state("presence", user, body=body), core.now_ms)
        self._sharing = begin_sharing(profile.share, spec.share, core, self._requests)
        self._leases = Leases(started=time.monotonic())
        self._leaving = asyncio.Event()

    def leave(self) -> None:
        """End soon, in order."""
        self._leaving.set()

    async def run(self) -> None:
        """Until nobody needs it. What is known is on disk then."""
        spec, core = self._spec, self._core
        self._outside.spending.recall()
        core.publisher.introduce()
        core.teller.recall_events()
        servers = [
            await listen(spec.sockets / "control.sock", 0o600, self._control),
            await listen(spec.sockets / "view.sock", 0o660, self._view),
        ]
        works = [core.schedule.run(), self._publish(), self._remember(), self._outside.live()]
        works += [self._failovers.live(), self._flushes.live()]
        if self._actor is not None:
            works.append(self._actor.live())
        if self._sharing is not None:
            works.append(self._sharing.live())
        tasks = [asyncio.create_task(work) for work in works]
        log.info("engine %s of %s at %s", os.getpid(), spec.estate, spec.sockets)
        try:
            await self._until_over(tasks)
        finally:
            for task in tasks:
                task.cancel()
            for server in servers:
                server.close()
            if self._memory:
                self._memory.keep_all(core.estate)
            self._chronicle.keep()
            core.wait_memory.keep()
            self._outside.spending.keep()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end(), ENDING_S)
            self._outside.close()
            for name in ("control.sock", "view.sock"):
                (spec.sockets / name).unlink(missing_ok=True)

    async def _end(self) -> None:
        if self._sharing is not None:
            await self._sharing.end()
        await self._failovers.end()
        await self._flushes.end()
        if self._actor is not None:
            await self._actor.end()
        await self._outside.end()

    async def _until_over(self, tasks: list[asyncio.Task[None]]) -> None:
        """A task that ends is a fault of ours: it ends the engine, and the guard starts another."""
        while not self._leaving.is_set():
            is_over = self._leases.over(time.monotonic(), guarded=os.getppid() == self._spec.guard)
            holds = self._failovers.holds or self._flushes.holds
            if is_over and not (holds or (self._actor and self._actor.holds)):
                return
            for task in tasks:
                if task.done():
                    task.result()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), LEASES_S)

    async def _control(self, link: SocketLink) -> None:
        if link.peer_uid not in (os.geteuid(), 0):
            return  # the file's mode says so already; this holds where modes are not kept
        self._leases = self._leases.taken()
        try:
            await self._serve(link, Access.CONTROL)
        finally:
            self._leases = self._leases.given_back(time.monotonic())

    async def _view(self, link: SocketLink) -> None:
        await self._serve(link, Access.VIEW)

    async def _serve(self, link: SocketLink, access: Access) -> None:
        hub, here = self._core.hub, self._roster.here
        await serve(link, hub, access=access, version=__version__, answer=self._requests, here=here)

    async def _publish(self) -> None:
        """Once a second; in small steps at first, while somebody waits for everything."""
        began = time.monotonic()
        while True:
            now = time.monotonic()
            step_s = QUICK_STEP_S if now - began < QUICK_FOR_S else STEP_S
            self._core.publisher.step(now, round(MOST_PER_S * step_s))
            await asyncio.sleep(step_s)

    async def _remember(self) -> None:
        while True:
            await asyncio.sleep(REMEMBER_S)
            if self._memory:
                await self._memory.keep(self._core.estate)
            await self._chronicle.keep_soon()
            await self._core.wait_memory.keep_soon(self._core.clock.now())
            await self._outside.spending.keep_soon()

    def _acting(self, profile: Profile) -> Actor | None:
        """What acts; None where nothing may, and then no module of it is loaded."""
        spec = self._spec
        why = reason(flag=spec.read_only, environ=os.environ, profile=profile.readonly)
        if why is None and (spec.audit is None or spec.state is None):
            why = Safe("the audit has nowhere to be kept")
        if why is not None or spec.audit is None:
            self._core.teller.state("offers", body=Offers(role="viewer", why=why or Safe("")))
            return None
        from console.engine.acting.begin import Actor  # noqa: PLC0415 - where it may be loaded

        locks = spec.audit.with_name(spec.audit.name.replace("audit", "locks"))
        return Actor(
            self._core,
            self._outside,
            profile,
            audit=spec.audit,
            locks=locks,
            speed=spec.play.speed if spec.play else 1.0,
            failovers=self._failovers,
            flushes=self._flushes,
            countdown_s=spec.countdown_s,
        )


def _failovers(spec: EngineSpec, core: Core, outside: Outside, run: str) -> Failovers:
    speed = spec.play.speed if spec.play else 1.0
    return Failovers(Surroundings(core, outside.databases, outside.aws.place_of, speed, spec.state, run))
