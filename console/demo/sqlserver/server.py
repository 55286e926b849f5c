"""The model as a SQL Server that is asked in process, where no driver manager is installed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from collectors import job
from collectors.database.load import Book, Load
from collectors.database.rows import Rows
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.asking import Question, Server, Servers
from console.demo.faults import meet, require_open
from console.demo.model import Model
from console.demo.sqlserver.answers import ANSWERS
from console.demo.sqlserver.moment import Moment

Now = Callable[[], datetime]
IN_PROCESS = Safe("in process")
WHOLE_TIME = 1.0  # a play at sixty times the pace asks sixty times as often, and nobody is hurt


class ModelServer(Server):
    """One instance. A fault that a scenario names for the collector that asks is met as a client would meet it."""

    def __init__(self, model: Model, about: ResourceId, now: Now) -> None:
        self._model, self._about, self._now = model, about, now
        self._book = Book(WHOLE_TIME)

    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        asking = job.running.get()
        grant = question.grants[0] if question.grants else ""
        await meet(self._model, self._about, asking.collector if asking else None, grant, self._now)
        require_open(self._model, self._about, self._now().timestamp())
        moment, began = Moment.of(self._model, self._about, self._now().timestamp()), time.monotonic()
        answer = ANSWERS[question.name](moment, arguments)
        rows = sum(len(each.values) for each in answer)
        self._book.note(question.name, began, time.monotonic() - began, rows, failed=False)
        return answer

    @property
    def load(self) -> Load:
        return Load(questions=self._book.spent, driver=IN_PROCESS)


class ModelServers(Servers):
    """All instances of the embedded estate."""

    def __init__(self, model: Model, now: Now) -> None:
        self.model, self.now = model, now
        self._servers: dict[ResourceId, ModelServer] = {}

    def of(self, about: ResourceId) -> Server:
        if about not in self._servers:
            self._servers[about] = ModelServer(self.model, about, self.now)
        return self._servers[about]

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        return {about: server.load for about, server in self._servers.items()}
