"""The model as caches: the collectors ask them in process, and whoever speaks Redis' protocol has a port for each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from collectors import job
from collectors.database.load import Book, Load
from collectors.errors import CannotCollect, Denied
from collectors.knock.knock import Door
from collectors.readings import ResourceId
from collectors.redis.asking import Cache, Caches, Fields, Question, Reply, require_reading
from collectors.safe import Safe, sanitise
from console.demo.faults import meet, require_open
from console.demo.model import Model
from console.demo.redis.addresses import PORT, host
from console.demo.redis.commands import run
from console.demo.redis.content import Content
from console.demo.redis.node import Node, Session
from console.demo.redis.resp import Failure
from console.demo.redis.said import said
from console.demo.redis.server import RedisServer
from console.demo.redis.users import READER, users
from console.demo.reporting import Reports

Now = Callable[[], datetime]
IN_PROCESS = Safe("in process")
WHOLE_TIME = 1.0  # a play at sixty times the pace asks sixty times as often, and nobody is hurt


class ModelCache(Cache):
    """One node. A fault that a scenario names for the collector that asks is met as a client would meet it."""

    def __init__(self, model: Model, node: Node, now: Now) -> None:
        self._model, self._about, self._now = model, node.about, now
        self._node = node
        self._book = Book(WHOLE_TIME)

    async def ask(self, question: Question) -> Fields:
        await self.meet(question)
        t, began = self._now().timestamp(), time.monotonic()
        if self._model.door(self._about, t) is not Door.RECOVERING:  # who loads answers INFO, and says so
            require_open(self._model, self._about, t)
        answer = said(self._model, self._about, t)
        self._book.note(question.name, began, time.monotonic() - began, len(answer), failed=False)
        return answer

    async def read(self, question: Question) -> tuple[Reply, ...]:
        require_reading(question.commands)
        await self.meet(question)
        require_open(self._model, self._about, self._now().timestamp())
        began = time.monotonic()
        session = Session(0, self._node.users.by_name[READER])
        try:
            answer = [await run(self._node, session, list(words)) for words in question.commands]
        except Failure as refused:
            raise _told(refused, question) from None
        self._book.note(question.name, began, time.monotonic() - began, len(answer), failed=False)
        return tuple(answer)

    async def meet(self, question: Question) -> None:
        """Whatever a scenario makes go wrong for who asks."""
        asking = job.running.get()
        grant = question.grants[0] if question.grants else ""
        await meet(self._model, self._about, asking.collector if asking else None, grant, self._now)

    @property
    def load(self) -> Load:
        return Load(questions=self._book.spent, driver=IN_PROCESS)


class ModelCaches(Caches):
    """All caches of the embedded estate."""

    def __init__(self, model: Model, now: Now, reports: Reports | None = None) -> None:
        """``reports``: of what is flushed; nobody else hears of it where there are none."""
        self.model, self.now = model, now
        self.reports = reports or Reports(model, None, now)
        self._users = users()
        self._caches: dict[ResourceId, ModelCache] = {}
        self._nodes: dict[ResourceId, Node] = {}
        self._contents: dict[ResourceId, Content] = {}
        self._servers: dict[ResourceId, RedisServer] = {}
        self._beginning: set[asyncio.Task[None]] = set()
        self.known = tuple(each.id for each in model.machines.values() if each.kind == "cache")
        self._by_host = {host(about): about for about in self.known}

    def of(self, about: ResourceId) -> Cache:
        if about not in self._caches:
            self._caches[about] = self._played(about)
        return self._caches[about]

    def _played(self, about: ResourceId) -> ModelCache:
        return ModelCache(self.model, self._node(about), self.now)

    def whose(self, host: str, port: int) -> ResourceId | None:
        return self._by_host.get(host) if port == PORT else None

    def port(self, about: ResourceId) -> int:
        """Where it is served, from now on: nobody who does not ask has to wait for it."""
        if about not in self._servers:
            served = self._servers[about] = RedisServer(self._node(about))
            task = asyncio.get_running_loop().create_task(served.begin(), name=f"port of {about}")
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)
        return self._servers[about].port

    def password(self, user: str) -> str:
        return self._users.password(user)

    async def end(self) -> None:
        if self._beginning:
            await asyncio.wait(self._beginning)
        for each in self._servers.values():
            await each.end()
        self._servers.clear()

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        return {about: cache.load for about, cache in self._caches.items()}

    def _node(self, about: ResourceId) -> Node:
        if about not in self._nodes:
            if about not in self.known:
                raise CannotCollect(f"{sanitise(about)} is no cache of this demo.")
            content = self._contents.setdefault(self.model.data_of(about), Content(self.reports))
            self._nodes[about] = Node(self.model, about, self.now, content, self._users)
        return self._nodes[about]


def _told(refused: Failure, question: Question) -> CannotCollect:
    """As a client would hear it."""
    seen = sanitise(str(refused), 200)
    if seen.startswith("NOPERM"):
        return Denied("The cache does not let this user ask that.", grant=question.grants[0], seen=seen)
    return CannotCollect("The cache refused the question.", seen=seen)
