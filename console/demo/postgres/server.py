"""The model as PostgreSQLs that are asked in process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from collectors import job
from collectors.database.load import Book, Load
from collectors.database.rows import Rows
from collectors.postgres.asking import Question, Server, Servers
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.demo.faults import meet, require_open
from console.demo.inventory import Machine
from console.demo.model import Model
from console.demo.postgres.answers import ANSWERS
from console.demo.postgres.log import Log

Now = Callable[[], datetime]
ENGINE = "postgres"
IN_PROCESS = Safe("in process")
WHOLE_TIME = 1.0  # a play at sixty times the pace asks sixty times as often, and nobody is hurt


def is_postgres(machine: Machine) -> bool:
    """Whether it is asked here: Aurora's are not."""
    return machine.engine == ENGINE and machine.kind == "instance"


class ModelPostgres(Server):
    """One instance. A fault that a scenario names for the collector that asks is met as a client would meet it."""

    def __init__(self, model: Model, about: ResourceId, now: Now) -> None:
        self._model, self._about, self._now = model, about, now
        self._book = Book(WHOLE_TIME)

    async def ask(self, question: Question) -> Rows:
        asking = job.running.get()
        grant = question.grants[0] if question.grants else ""
        await meet(self._model, self._about, asking.collector if asking else None, grant, self._now)
        t = self._now().timestamp()
        require_open(self._model, self._about, t)
        began = time.monotonic()
        answer = ANSWERS[question.name](Log(self._model, self._about, t))
        self._book.note(question.name, began, time.monotonic() - began, len(answer.values), failed=False)
        return answer

    @property
    def load(self) -> Load:
        return Load(questions=self._book.spent, driver=IN_PROCESS)


class ModelPostgresServers(Servers):
    """All of an embedded estate."""

    def __init__(self, model: Model, now: Now) -> None:
        self._model, self._now = model, now
        self._servers: dict[ResourceId, ModelPostgres] = {}

    @property
    def targets(self) -> list[ResourceId]:
        return [machine.id for machine in self._model.machines.values() if is_postgres(machine)]

    def of(self, about: ResourceId) -> ModelPostgres:
        if about not in self._servers:
            self._servers[about] = ModelPostgres(self._model, about, self._now)
        return self._servers[about]

    def known_as(self, name: str) -> ResourceId | None:
        """By its id, or by an address that begins with it."""
        return next((about for about in self.targets if about == name.partition(".")[0]), None)

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        return {about: server.load for about, server in self._servers.items()}
