"""The model as caches that are asked in process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from collectors import job
from collectors.database.load import Book, Load
from collectors.knock.knock import Door
from collectors.readings import ResourceId
from collectors.redis.asking import Cache, Caches, Fields, Question, Reply
from collectors.safe import Safe
from console.demo.faults import meet, require_open
from console.demo.model import Model
from console.demo.redis.addresses import PORT, host
from console.demo.redis.said import said

Now = Callable[[], datetime]
IN_PROCESS = Safe("in process")
WHOLE_TIME = 1.0  # a play at sixty times the pace asks sixty times as often, and nobody is hurt


class ModelCache(Cache):
    """One node. A fault that a scenario names for the collector that asks is met as a client would meet it."""

    def __init__(self, model: Model, about: ResourceId, now: Now) -> None:
        self._model, self._about, self._now = model, about, now
        self._book = Book(WHOLE_TIME)

    async def ask(self, question: Question) -> Fields:
        asking = job.running.get()
        grant = question.grants[0] if question.grants else ""
        await meet(self._model, self._about, asking.collector if asking else None, grant, self._now)
        t, began = self._now().timestamp(), time.monotonic()
        if self._model.door(self._about, t) is not Door.RECOVERING:  # who loads answers INFO, and says so
            require_open(self._model, self._about, t)
        answer = said(self._model, self._about, t)
        self._book.note(question.name, began, time.monotonic() - began, len(answer), failed=False)
        return answer

    async def read(self, question: Question) -> tuple[Reply, ...]:
        return tuple([] for _ in question.commands)

    @property
    def load(self) -> Load:
        return Load(questions=self._book.spent, driver=IN_PROCESS)


class ModelCaches(Caches):
    """All caches of the embedded estate."""

    def __init__(self, model: Model, now: Now) -> None:
        self._model, self._now = model, now
        self._caches: dict[ResourceId, ModelCache] = {}
        self.known = tuple(each.id for each in model.machines.values() if each.kind == "cache")
        self._by_host = {host(about): about for about in self.known}

    def of(self, about: ResourceId) -> Cache:
        if about not in self._caches:
            self._caches[about] = ModelCache(self._model, about, self._now)
        return self._caches[about]

    def whose(self, host: str, port: int) -> ResourceId | None:
        return self._by_host.get(host) if port == PORT else None

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        return {about: cache.load for about, cache in self._caches.items()}
