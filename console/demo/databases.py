"""The embedded estate's databases: asked in process, or over the wire where the machine has what that takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from collectors.database.load import Load
from collectors.knock.knock import Knocker
from collectors.mysql.all import collectors as of_mysql
from collectors.postgres.all import collectors as of_postgres
from collectors.readings import ResourceId
from collectors.redis.all import collectors as of_redis
from collectors.safe import Safe, sanitise
from collectors.sqlserver.asking import Servers
from collectors.threads import Threads
from console import profiles
from console.demo.hearing import Hearing
from console.demo.knocking import ModelKnocker, has_door
from console.demo.mysql.server import ModelMySqlServers
from console.demo.played import model_of
from console.demo.postgres.server import ModelPostgresServers
from console.demo.redis.caches import ModelCaches
from console.demo.redis.wired import RealCaches
from console.demo.reporting import Reports
from console.demo.sqlserver.server import ModelServers
from console.demo.sqlserver.wire import WireServers, hindrance
from console.engine.core import Core
from console.engine.databases import Databases
from console.engine.insiders import Insiders, insiders
from console.specs import Play
from profiles.model import Profile

if TYPE_CHECKING:
    from console.actions.hands import Hands


TDS, REDIS = Safe("tds"), Safe("redis")


class DemoDatabases(Databases):
    """All are known from the beginning, and answer from the model that the emulator answers from."""

    def __init__(self, core: Core, play: Play, profile: Profile) -> None:
        self._core, self._profile = core, profile
        model, now = model_of(play.scenario, seed=play.seed, size=play.size, start=play.start), core.clock.now
        self._model = model
        self._hearing = None if play.endpoint is None else Hearing(model, play.endpoint)
        self._model_servers = ModelServers(model, now)
        self._reports = Reports(model, play.endpoint, now)
        self._caches = RealCaches(model, now, self._reports) if play.wire else ModelCaches(model, now, self._reports)
        self._mysql = ModelMySqlServers(model, now)
        self._postgres = ModelPostgresServers(model, now)
        trouble = hindrance(play.driver) if play.wire else None
        self._notices = [] if trouble is None else [f"The demo answers in process: {trouble.line()}"]
        self._wire = None
        if play.wire and trouble is None:
            self._wire = WireServers(self._model_servers, Threads(), play.driver, reports=self._reports)

    @property
    def servers(self) -> Servers:
        return self._wire or self._model_servers

    @property
    def hands(self) -> Hands:
        from console.demo.hands import DemoHands, at_once  # noqa: PLC0415 - who only looks loads nothing that acts

        heard = at_once if self._hearing is None else self._hearing.first
        return DemoHands(self._caches, self.servers, self._reports, heard)

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        sql_servers = self._wire.loads if self._wire else self._model_servers.loads
        return {**sql_servers, **self._caches.loads, **self._mysql.loads, **self._postgres.loads}

    @property
    def notice(self) -> Safe:
        return sanitise(" ".join(filter(None, self._notices)))

    @property
    def capabilities(self) -> tuple[Safe, ...]:
        real = isinstance(self._caches, RealCaches) and bool(self._caches.real)
        return (*((TDS,) if self._wire else ()), *((REDIS,) if real else ()))

    def retry(self, about: ResourceId | None = None) -> None:
        if self._wire:
            self._wire.retry(about)

    def knocker(self, about: ResourceId) -> Knocker | None:
        machine = self._model.machines.get(about)
        if machine is None or not has_door(machine):
            return None
        if self._wire is not None and (real := self._wire.knocker(about)) is not None:
            return real
        return ModelKnocker(self._model, about, self._core.clock.now)

    async def begin(self) -> None:
        if self._hearing:
            self._hearing.begin()
        if self._wire:
            await self._wire.begin()
        if isinstance(self._caches, RealCaches):
            trouble, caches = await self._caches.begin(), "The demo's caches answer in process"
            self._notices.append(self._caches.told if trouble is None else f"{caches}: {trouble.line()}")
        core, model, now = self._core, self._model, self._core.clock.now
        insiders(core, self.servers, self._profile).look_into(
            machine.id for machine in model.machines.values() if machine.engine.startswith("sqlserver")
        )
        every = partial(profiles.every, self._profile)
        for found, there in (
            (of_redis(self._caches, now), self._caches.known),
            (of_mysql(self._mysql, now), self._mysql.loads),
            (of_postgres(self._postgres, now), self._postgres.targets),
        ):
            Insiders(core.schedule, found, every).look_into(there)

    async def end(self) -> None:
        await self._caches.end()
        if self._hearing:
            await self._hearing.end()
        if self._wire:
            await self._wire.end()
