"""The demo's caches as real redis-servers, which the collectors ask over the wire: who has no such program has none."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from collectors.database.credentials import Credentials
from collectors.database.load import Load
from collectors.database.secret import Secret
from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.redis.asking import Cache, Fields, Question, Reply
from collectors.redis.replica_lag import RedisLag
from collectors.redis.wire.connection import Connection
from collectors.redis.wire.target import Target
from collectors.redis.wire.wired import WiredCache
from collectors.threads import Threads
from console.demo.model import SERVES, Model
from console.demo.redis import figures
from console.demo.redis.caches import WHOLE_TIME, ModelCache, ModelCaches, Now
from console.demo.redis.feeding import CACHE, STORE, Feeder
from console.demo.redis.hundredth import OVERHEAD, SCALE
from console.demo.redis.lines import Lines
from console.demo.redis.noticing import Noticing
from console.demo.redis.real import COPIER, FEEDER, RealServer, Settings, free_ports, program
from console.demo.redis.run import is_store
from console.demo.redis.said import set_by_hand
from console.demo.redis.server import HOST
from console.demo.redis.shelf import Shelf
from console.demo.redis.users import FLUSHER, READER
from console.demo.reporting import Reports

log = logging.getLogger(__name__)

MOST_NODES = 8  # of a large estate only those of the first groups: each takes as much memory as a hundredth of its own
AGAIN_S = 1.0
FED_S = 30.0  # on a machine that is busy; half a second on one that is not
CANCELLED_S = 0.1  # `asyncio.wait_for` before Python 3.12, which redis-py writes with, may lose a cancellation


@dataclass(frozen=True, slots=True)
class Given(Secret):
    """Made for this one play, and never written anywhere."""

    password: str

    async def read(self) -> Credentials:
        return Credentials(READER, self.password)


class RealCache(Cache):
    """One node. What a scenario does to it is met all the same, and how far a replica is behind is the model's."""

    def __init__(self, model: Model, about: ResourceId, now: Now, played: ModelCache, wired: WiredCache) -> None:
        self._model, self._about, self._now, self._played, self._wired = model, about, now, played, wired

    async def ask(self, question: Question) -> Fields:
        t = self._now().timestamp()
        if question.name == RedisLag.name or not self._serves(t):
            return await self._played.ask(question)
        await self._played.meet(question)
        return {**await self._wired.ask(question), **set_by_hand(self._model, self._about, t)}

    async def read(self, question: Question) -> tuple[Reply, ...]:
        if not self._serves(self._now().timestamp()):
            return await self._played.read(question)
        await self._played.meet(question)
        return await self._wired.read(question)

    def _serves(self, t: float) -> bool:
        return self._model.exists(self._about, t) and self._model.door(self._about, t) in SERVES

    @property
    def load(self) -> Load:
        return self._wired.load

    async def close(self) -> None:
        await self._wired.close()


class RealCaches(ModelCaches):
    """To be begun before anything is asked. Nodes beyond `MOST_NODES` are the model's as before."""

    def __init__(self, model: Model, now: Now, reports: Reports) -> None:
        super().__init__(model, now, reports)
        self._threads = Threads()
        self._passwords = {READER: self.password(READER), FLUSHER: self.password(FLUSHER)}
        self._passwords |= {name: secrets.token_urlsafe(24) for name in (FEEDER, COPIER)}
        self.real: dict[ResourceId, RealServer] = {}
        self._asked: dict[ResourceId, RealCache] = {}
        self._feeding: set[asyncio.Task[None]] = set()
        self._fed: dict[ResourceId, asyncio.Event] = {}  # by group

    async def begin(self) -> CannotCollect | None:
        """What keeps them from being real; then they are the model's, all of them."""
        try:
            await self._start(program())
        except (CannotCollect, OSError) as trouble:
            await self._end_real()
            return trouble if isinstance(trouble, CannotCollect) else CannotCollect(f"No server began: {trouble}.")
        return None

    @property
    def told(self) -> str:
        """In a sentence; empty where none is real."""
        if not self.real:
            return ""
        of_them = "The" if len(self.real) == len(self.known) else f"{len(self.real)} of the"
        return f"{of_them} demo's caches are real redis-servers, at 1:{SCALE}."

    def of(self, about: ResourceId) -> Cache:
        return self._asked.get(about) or super().of(about)

    def whose(self, host: str, port: int) -> ResourceId | None:
        if host == HOST:
            return next((about for about, server in self.real.items() if server.port == port), None)
        return super().whose(host, port)

    def port(self, about: ResourceId) -> int:
        return self.real[about].port if about in self.real else super().port(about)

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        return {**super().loads, **{about: cache.load for about, cache in self._asked.items()}}

    async def end(self) -> None:
        await self._end_real()
        await super().end()

    async def _end_real(self) -> None:
        while left := [task for task in self._feeding if not task.done()]:
            for task in left:
                task.cancel()
            await asyncio.wait(left, timeout=CANCELLED_S)
        for cache in self._asked.values():
            await cache.close()
        for server in self.real.values():
            server.end()
        for kept in (self._feeding, self._asked, self.real):
            kept.clear()

    def _chosen(self) -> dict[ResourceId, list[ResourceId]]:
        """By group, whole ones."""
        groups: defaultdict[ResourceId, list[ResourceId]] = defaultdict(list)
        for about in self.known:
            groups[self.model.data_of(about)].append(about)
        found: dict[ResourceId, list[ResourceId]] = {}
        for group, nodes in groups.items():
            if sum(map(len, found.values())) + len(nodes) <= MOST_NODES:
                found[group] = nodes
        return found

    async def _start(self, path: str) -> None:
        chosen, t = self._chosen(), self.now().timestamp()
        nodes = [about for group in chosen.values() for about in group]
        ports = dict(zip(nodes, free_ports(len(nodes)), strict=True))
        for about in nodes:
            self.real[about] = RealServer(path, self._settings(about, ports, t))
        for about in nodes:
            await (await self._line(about)).close()
            target = Target(HOST, ports[about], tls=False)
            secret = Given(self._passwords[READER])
            wired = WiredCache(target, secret, self._threads, time.monotonic, budget=WHOLE_TIME)
            self._asked[about] = RealCache(self.model, about, self.now, self._played(about), wired)
        for group, members in chosen.items():
            sources = {about: self.model.as_at(about, t).source for about in members}
            self._fed[group] = asyncio.Event()
            self._feeding.add(asyncio.create_task(self._feed(group, sources), name=f"clients of {group}"))
        with contextlib.suppress(TimeoutError):  # who asks before that would find little, and flush it unnoticed
            async with asyncio.timeout(FED_S):
                await asyncio.gather(*(each.wait() for each in self._fed.values()))

    def _settings(self, about: ResourceId, ports: Mapping[ResourceId, int], t: float) -> Settings:
        source = self.model.as_at(about, t).source
        policy = STORE if is_store(self.model, about, t) else CACHE
        following = None if source is None else ports.get(source)
        return Settings(ports[about], self._memory(about, "maxmemory", t) // SCALE, policy, following, self._passwords)

    def _memory(self, about: ResourceId, name: str, t: float) -> int:
        return int(dict(figures.sections(self.model, self.model.as_at(about, t), t)["memory"])[name])

    def _length(self, about: ResourceId, t: float) -> int:
        """Of a value, so that as much of its memory is taken as of the model's."""
        return max(1, round(self._memory(about, "used_memory", t) / self.model.items(about, t)) - OVERHEAD)

    async def _line(self, about: ResourceId) -> Connection:
        return await self.real[about].ready(Credentials(FEEDER, self._passwords[FEEDER]), self._threads)

    async def _feed(self, group: ResourceId, sources: dict[ResourceId, ResourceId | None]) -> None:
        """As long as it goes; a server that somebody has ended stays so, and is seen to be."""
        is_told = False
        while True:
            try:
                await self._feed_once(group, sources)
            except Exception as error:  # noqa: BLE001 - whatever redis-py raises: its clients try again
                log.log(logging.DEBUG if is_told else logging.WARNING, "clients of %s stopped: %r", group, error)
                is_told = True
            await asyncio.sleep(AGAIN_S)

    async def _feed_once(self, group: ResourceId, sources: dict[ResourceId, ResourceId | None]) -> None:
        first, t = next(iter(sources)), self.now().timestamp()
        shelf = Shelf(first, self._length(first, t), is_store=is_store(self.model, first, t))
        async with AsyncExitStack() as stack:
            lines: dict[ResourceId, Connection] = {}
            for about in sources:
                lines[about] = await self._line(about)
                stack.push_async_callback(lines[about].close)
            ports = {about: self.real[about].port for about in sources}
            all_of_them = Lines(self.model, group, lines, ports, sources)
            noticing = Noticing(self.model, all_of_them, shelf, self.reports)
            await Feeder(all_of_them, shelf, noticing, self.now).run(self._fed[group].set)
