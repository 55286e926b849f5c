"""Where are the plans of a demo's server thrown out? Over TDS, at a port that opens when somebody first goes there."""

from __future__ import annotations

import asyncio
import secrets
import socket

from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.safe import sanitise
from collectors.sqlserver.asking import Servers
from collectors.sqlserver.wire.target import Encryption, Target
from console.actions.hands import Narrowed, Way
from console.demo.model import Model
from console.demo.reporting import Reports
from console.demo.sqlserver.flushing import FLUSHER
from console.demo.sqlserver.server import Now
from console.demo.sqlserver.weather import Weather
from console.demo.sqlserver.wire import ModelAnswerer, WireServers, hindrance
from console.demo.tds.serve import LOOPBACK, listener
from console.demo.tds.session import House


class Entrances:
    """Those of one play. Servers that are asked over the wire have theirs already."""

    def __init__(self, servers: Servers, model: Model, now: Now, reports: Reports, driver: str = "") -> None:
        self._servers, self._model, self._now, self._reports = servers, model, now, reports
        self._driver = driver
        self._there: dict[ResourceId, Entrance] = {}

    def way(self, about: ResourceId) -> Way[Target]:
        machine = self._model.machines.get(about)
        if machine is None or not machine.engine.startswith("sqlserver"):
            raise CannotCollect(f"{about} is no SQL Server of this demo.")
        if isinstance(self._servers, WireServers):
            target, credentials, driver = self._servers.entrance(about)

            async def known(_: Narrowed) -> Credentials:
                return credentials

            return Way(target, sanitise(f"{FLUSHER} of the demo"), known, driver)
        if (trouble := hindrance(self._driver)) is not None:
            raise trouble
        if about not in self._there:
            self._there[about] = Entrance(self._model, about, self._now, self._reports)
        entrance = self._there[about]
        return Way(entrance.target, sanitise(f"{FLUSHER} of the demo"), entrance.log_in, self._driver)


class Entrance:
    """To one server. Its port is chosen now, and listened at from the first login on until the loop ends."""

    def __init__(self, model: Model, about: ResourceId, now: Now, reports: Reports) -> None:
        self._credentials = Credentials(FLUSHER, secrets.token_urlsafe(24))
        answerer = ModelAnswerer(model, about, now, "", flusher=self._credentials.password, reports=reports)
        self._house = House(answerer, faults=Weather(model, about, now))
        self.target = Target(LOOPBACK, _free_port(), Encryption.OFF)
        self._serving: asyncio.Task[None] | None = None

    async def log_in(self, _: Narrowed) -> Credentials:
        if self._serving is None or self._serving.done():
            is_open = asyncio.get_running_loop().create_future()
            self._serving = asyncio.create_task(self._serve(is_open), name=f"entrance at {self.target}")
            await is_open
        return self._credentials

    async def _serve(self, is_open: asyncio.Future[None]) -> None:
        try:
            async with listener(self._house, self.target.port):
                is_open.set_result(None)
                await asyncio.Event().wait()
        except OSError as error:
            seen, mend = error.strerror or str(error), "Ask again."
            is_open.set_exception(CannotCollect(f"The demo cannot listen at {self.target}.", seen=seen, mend=mend))


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as free:
        port: int = free.getsockname()[1]
    return port
