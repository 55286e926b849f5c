"""The databases that are looked into: where they are, by whom they are asked, and what that costs them."""

from __future__ import annotations

import asyncio
import heapq
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from collectors.aws.keys import Keys
from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.aws.sessions import Keyed
from collectors.database.load import Load, Spent
from collectors.errors import CannotCollect
from collectors.knock.knock import Knocker
from collectors.knock.lacking import Lacking
from collectors.knock.several import Several
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.sqlserver.asking import Servers
from collectors.threads import Threads
from console.engine.doors import doors, members
from console.engine.family import Family
from console.engine.mysql import MySqlServers
from console.engine.postgres import Postgres
from console.engine.redis import RedisCaches
from console.engine.sqlservers import SqlServers
from console.protocol.status import ServerLoad
from profiles.model import Profile

if TYPE_CHECKING:  # who only looks loads nothing that acts
    from console.actions.hands import Hands
    from console.engine.core import Core

Find = Callable[[ResourceId], Found | None]
MINUTES = 5.0  # over which statements are averaged


def nobodys(place: Place, keys: Keys) -> NoReturn:
    """For databases whose secrets AWS does not keep."""
    raise CannotCollect(f"Nobody reads secrets in {place}.")


class Databases(ABC):
    """Of one engine. `begin` before anything is asked, `end` when nothing is asked any more."""

    @property
    @abstractmethod
    def servers(self) -> Servers: ...

    @property
    @abstractmethod
    def loads(self) -> Mapping[ResourceId, Load]:
        """What each that was asked is asked by us."""

    @abstractmethod
    async def begin(self) -> None: ...

    @abstractmethod
    async def end(self) -> None: ...

    @abstractmethod
    def retry(self, about: ResourceId | None = None) -> None:
        """Somebody asks for another try: a login that was refused may be tried again. None: of all."""

    @property
    @abstractmethod
    def hands(self) -> Hands:
        """What reads them for the checks of an action, and what changes them."""

    def knocker(self, about: ResourceId) -> Knocker | None:
        """Who knocks at the door of an instance, a node, or a cluster; None where nobody can, and then nobody does."""
        return None

    @property
    def notice(self) -> Safe:
        """What keeps them from being asked as was wanted; empty where nothing does."""
        return NO_TEXT

    @property
    def capabilities(self) -> tuple[Safe, ...]:
        """`tds`: what stands for SQL Servers here is asked over the wire."""
        return ()

    def told(self, most: int) -> tuple[ServerLoad, ...]:
        """What they are asked by us: so many of them, the most burdened first."""
        now = time.monotonic()
        asked = ((about, load) for about, load in self.loads.items() if load.questions)
        found = heapq.nlargest(most, asked, key=lambda one: one[1].share(now))
        return tuple(_told(about, load, now) for about, load in found)


class LiveDatabases(Databases):
    """Those that the inventory lists and the profile has a login for."""

    def __init__(
        self,
        core: Core,
        profile: Profile,
        find: Find,
        reader: Callable[[Place], Reader],
        *,
        keyed: Keyed = nobodys,
    ) -> None:
        """``find``: what the inventory knows of one; ``reader``: for secrets that AWS keeps; ``keyed``: for those of
        whoever flushes.
        """
        sql_servers = SqlServers(core, profile, find, reader)
        caches = RedisCaches(core, profile, find, reader)
        self._servers, self._caches = sql_servers.servers, caches.caches
        self._reader, self._keyed = reader, keyed
        self._find, self._now = find, core.clock.now
        self._all: tuple[Found, ...] = ()
        self._knocks = Threads(abandoned_per_target=1)
        self._families: tuple[Family, ...] = (
            sql_servers,
            Postgres(core, profile, find, reader),
            MySqlServers(core, profile, find, reader),
            caches,
        )

    @property
    def servers(self) -> Servers:
        return self._servers

    @property
    def hands(self) -> Hands:
        from console.engine.acting.hands import LiveHands, Sources  # noqa: PLC0415 - who looks loads nothing that acts

        return LiveHands(
            Sources(self._caches, self._servers, self._find, self._reader, self._keyed, Threads())
        )

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        return {about: load for family in self._families for about, load in family.loads.items()}

    @property
    def notice(self) -> Safe:
        return next((family.notice for family in self._families if family.notice), NO_TEXT)

    async def begin(self) -> None:
        """They are known once the inventory has listed them."""

    async def end(self) -> None:
        await asyncio.gather(*(family.close() for family in self._families))

    def list_is(self, found: Iterable[Found]) -> None:
        """All that the inventory knows now."""
        self._all = tuple(found)
        for family in self._families:
            family.list_is(self._all)

    def knocker(self, about: ResourceId) -> Knocker | None:
        """Of what has no login, or no endpoint yet, one that says so."""
        found = self._find(about)
        family = next((each for each in self._families if found is not None and each.speaks(found)), None)
        if found is None or family is None:
            return None
        knockers = [self._knocker_at(family, door) for door in doors(found, self._all)]
        return knockers[0] if len(knockers) == 1 else Several(knockers)

    def _knocker_at(self, family: Family, door: Found) -> Knocker:
        members_ = members(door, self._all) if door.kind == "cluster" else ()
        alike = next((each for each in (door, *members_) if family.is_asked(each)), door)
        try:
            return family.knocker(replace(alike, endpoint=door.endpoint), self._knocks, self._now)
        except CannotCollect as trouble:
            return Lacking(":".join(map(str, door.endpoint or (door.id,))), trouble)

    def retry(self, about: ResourceId | None = None) -> None:
        for family in self._families:
            family.retry(about)


def _told(about: ResourceId, load: Load, now: float) -> ServerLoad:
    dearest = max(load.questions, key=lambda spent: spent.share(now))
    return ServerLoad(
        server=about,
        statements_per_min=sum(_per_minute(spent, now) for spent in load.questions),
        share=load.share(now),
        dearest=dearest.question,
        budget=dearest.budget,
        connections=load.connections,
        most_connections=load.most_connections,
        hanging=load.hanging,
        driver=sanitise(load.driver.rpartition("/")[2]),
        warning=load.warning,
    )


def _per_minute(spent: Spent, now: float) -> float:
    """Over the last minutes that are whole; in the first of all, what there is."""
    this = int(now // 60)
    whole = [minute.statements for minute in spent.minutes if this - MINUTES <= minute.number < this]
    return sum(whole) / len(whole) if whole else float(sum(minute.statements for minute in spent.minutes))
