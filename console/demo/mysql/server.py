"""The model as MySQL and MariaDB servers that are asked in process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from collectors import job
from collectors.database.load import Book, Load
from collectors.database.rows import Rows
from collectors.errors import CannotCollect, Denied
from collectors.mysql.asking import Question, Server, Servers
from collectors.readings import ResourceId
from console.demo.faults import meet, require_open
from console.demo.model import Model
from console.demo.mysql.answers import ANSWERS
from console.demo.mysql.moment import Moment
from console.demo.mysql.set_keys import ENGINES
from console.demo.sqlserver.server import IN_PROCESS, WHOLE_TIME

Now = Callable[[], datetime]


class ModelMySqlServer(Server):
    """One instance. A fault that a scenario names for the collector that asks is met as a client would meet it."""

    heartbeat = ""  # nobody writes one

    def __init__(self, model: Model, about: ResourceId, now: Now) -> None:
        self._model, self._about, self._now = model, about, now
        self._book = Book(WHOLE_TIME)

    async def ask(self, question: Question) -> Rows:
        await self._meet(question)
        require_open(self._model, self._about, self._now().timestamp())
        moment, began = Moment(self._model, self._about, self._now().timestamp()), time.monotonic()
        answer = ANSWERS[question.name](moment)
        self._book.note(question.name, began, time.monotonic() - began, len(answer.values), failed=False)
        return answer

    async def _meet(self, question: Question) -> None:
        asking = job.running.get()
        grant = question.grants[0] if question.grants else ""
        try:
            await meet(self._model, self._about, asking.collector if asking else None, grant, self._now)
        except Denied:
            if grant:  # what needs none is answered to anybody who is let in
                raise

    @property
    def load(self) -> Load:
        return Load(questions=self._book.spent, driver=IN_PROCESS)


class ModelMySqlServers(Servers):
    """All of the embedded estate."""

    def __init__(self, model: Model, now: Now) -> None:
        self._servers = {
            machine.id: ModelMySqlServer(model, machine.id, now)
            for machine in model.machines.values()
            if machine.engine in ENGINES
        }

    def of(self, about: ResourceId) -> Server:
        if about not in self._servers:
            raise CannotCollect(f"{about} is no MySQL or MariaDB server of this demo.")
        return self._servers[about]

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        return {about: server.load for about, server in self._servers.items()}
