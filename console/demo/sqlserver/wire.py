"""The model's SQL Servers over real TDS: each listens on loopback, and is asked through pyodbc like any other."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from collectors.database.credentials import Credentials
from collectors.database.load import Load
from collectors.database.rows import Rows
from collectors.database.secret import Secret
from collectors.errors import CannotCollect
from collectors.knock.knock import Door, Knocker
from collectors.knock.sqlserver import SqlServerKnocker
from collectors.readings import ResourceId
from collectors.sqlserver.asking import Servers
from collectors.sqlserver.wire.driver import choose, manager
from collectors.sqlserver.wire.target import Encryption, Target
from collectors.sqlserver.wire.wired import Wired
from collectors.threads import Threads
from console.demo.model import Model
from console.demo.reporting import Reports
from console.demo.sqlserver import flushing, knocked, plan_cache
from console.demo.sqlserver.answers import ANSWERS
from console.demo.sqlserver.doorway import Doorway, keep
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.server import WHOLE_TIME, ModelServers, Now
from console.demo.sqlserver.weather import Weather
from console.demo.tds.answering import Answerer, Asked, Login, TdsError
from console.demo.tds.prologue import tag_of
from console.demo.tds.session import House

USER = "dbconsole_demo"
KNOWN = {**ANSWERS, **knocked.ANSWERS}


class ModelAnswerer(Answerer):
    """One instance of the model. It knows the statements that the console sends, and no other.

    ``flusher``: the password of whoever throws plans out, of which ``reports`` are told; empty: nobody does.
    """

    def __init__(
        self, model: Model, about: ResourceId, now: Now, password: str, *, flusher: str = "",
        reports: Reports | None = None,
    ) -> None:  # fmt: skip
        self._model, self._about, self._now = model, about, now
        self._passwords = {USER: password, flushing.FLUSHER: flusher}
        self._reports = reports or Reports(model, None, now)

    async def answer(self, asked: Asked) -> Sequence[Rows]:
        tag, moment = tag_of(asked.text), Moment.of(self._model, self._about, self._now().timestamp())
        if tag in flushing.TAGS:
            await flushing.run(moment, asked, self._reports)
            return ()
        if tag == "flush_server":
            login = asked.login
            return (plan_cache.here(moment, login.database or "master", may=login.user == flushing.FLUSHER),)
        known = KNOWN.get(tag)
        if known is None:
            raise TdsError(208, "The demo answers what the console asks, and nothing else.")
        return known(moment, asked.arguments)

    def admits(self, login: Login, password: str) -> bool:
        known = self._passwords.get(login.user)
        return bool(known) and secrets.compare_digest(password, known or "")


@dataclass(frozen=True, slots=True)
class Given(Secret):
    """Made for this one play, and never written anywhere."""

    password: str

    async def read(self) -> Credentials:
        return Credentials(USER, self.password)


class WireServers(Servers):
    """To be begun before anything is asked."""

    def __init__(
        self, servers: ModelServers, threads: Threads, driver: str = "", *, reports: Reports | None = None
    ) -> None:
        self._model, self._now, self._threads, self._driver = servers.model, servers.now, threads, driver
        self._secret, self._flusher = Given(secrets.token_urlsafe(24)), secrets.token_urlsafe(24)
        self._reports = reports
        self._knocks = Threads(abandoned_per_target=1)
        self._doorways: list[Doorway] = []
        self._keeping: asyncio.Task[None] | None = None
        self._wired: dict[ResourceId, Wired] = {}

    async def begin(self) -> None:
        """Listen, for as long as the loop runs."""
        for about, machine in self._model.machines.items():
            if machine.engine.startswith("sqlserver"):
                answerer = ModelAnswerer(
                    self._model, about, self._now, self._secret.password, flusher=self._flusher, reports=self._reports
                )
                house = House(answerer, faults=Weather(self._model, about, self._now))
                doorway = Doorway(house, partial(self._door, about), partial(self.retry, about))
                await doorway.begin()
                self._doorways.append(doorway)
                target = Target("127.0.0.1", doorway.port, Encryption.OFF)
                self._wired[about] = Wired(
                    target, self._secret, self._threads, time.monotonic, driver=self._driver, budget=WHOLE_TIME
                )

        self._keeping = asyncio.create_task(keep(self._doorways), name="doors of the demo")

    def _door(self, about: ResourceId) -> Door:
        return self._model.door(about, self._now().timestamp())

    def of(self, about: ResourceId) -> Wired:
        if about not in self._wired:
            raise CannotCollect(f"{about} is no SQL Server of this demo.")
        return self._wired[about]

    def entrance(self, about: ResourceId) -> tuple[Target, Credentials, str]:
        """Where and as whom plans are thrown out, and by which driver."""
        return self.of(about).target, Credentials(flushing.FLUSHER, self._flusher), self._driver

    def knocker(self, about: ResourceId) -> Knocker | None:
        """By the console's own way in; None for what is no SQL Server. The password was made here, and is right."""
        if about not in self._wired:
            return None
        target = self._wired[about].target
        return SqlServerKnocker(
            target, self._secret, self._knocks, self._now, driver=self._driver, is_good=lambda _: True
        )

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        return {about: server.load for about, server in self._wired.items()}

    def retry(self, about: ResourceId | None) -> None:
        for each, server in self._wired.items():
            if about in (None, each):
                server.refresh()

    async def end(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
        for doorway in self._doorways:
            await doorway.end()


def hindrance(driver: str) -> CannotCollect | None:
    """What keeps this machine from asking over the wire; None: nothing does."""
    try:
        choose(manager().drivers(), driver)
    except CannotCollect as error:
        return error
    return None
