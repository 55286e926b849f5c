"""Which PostgreSQL serves a resource, and as whom is it asked? By the inventory and the profile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from collectors.aws.known import Found
from collectors.database.kept import Safes
from collectors.database.load import BUDGET, Load
from collectors.errors import CannotCollect
from collectors.postgres.asking import Servers
from collectors.postgres.wire.target import DATABASE, Encryption, Target
from collectors.postgres.wire.wired import Wired
from collectors.readings import ResourceId


@dataclass(frozen=True, slots=True)
class Login:
    """How the instances that fit are logged in to. ``kept``: `rds`, `env:…`, `file:…` or `secretsmanager:…`."""

    kept: str
    ids: tuple[str, ...] = ()
    engines: tuple[str, ...] = ("postgres",)
    user: str = ""
    encryption: Encryption = Encryption.VERIFY
    ca_file: str = ""
    port: int | None = None
    database: str = DATABASE
    budget: float = BUDGET

    def fits(self, found: Found) -> bool:
        given = ((found.id, self.ids), (found.engine, self.engines))
        return all(not wanted or any(fnmatchcase(word, each) for each in wanted) for word, wanted in given)


class WiredServers(Servers):
    """One for an engine, on its loop. A server whose address or name changed is another server."""

    def __init__(
        self,
        logins: Sequence[Login],
        find: Callable[[ResourceId], Found | None],
        safes: Safes,
        clock: Callable[[], float],
    ) -> None:
        """``clock``: seconds that never go back."""
        self._logins = tuple(logins)
        self._find, self._safes, self._clock = find, safes, clock
        self._servers: dict[ResourceId, tuple[Found, Wired]] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._names: dict[str, ResourceId] = {}

    def of(self, about: ResourceId) -> Wired:
        found = self._find(about)
        if found is None:
            raise CannotCollect(f"{about} is not known to the inventory.", mend="Wait until it has been read.")
        before = self._servers.get(about)
        if before is not None and (before[0].endpoint, before[0].name) == (found.endpoint, found.name):
            return before[1]
        if before is not None:
            self._leave(about)
        server = self._made(found)
        self._servers[about] = (found, server)
        return server

    def known_as(self, name: str) -> ResourceId | None:
        return self._names.get(name.casefold())

    def name_them(self, found: Sequence[Found]) -> None:
        """All that there are, by the addresses and names that servers call each other by."""
        self._names = {name.casefold(): each.id for each in found for name in _names(each)}

    def is_asked(self, found: Found) -> bool:
        """Whether the profile has a login for it."""
        return any(login.fits(found) for login in self._logins)

    def refresh(self, about: ResourceId) -> None:
        """Somebody asks for another try: a login that was refused may be tried again."""
        if about in self._servers:
            self._servers[about][1].refresh()

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        """What each server that was asked is asked by us."""
        return {about: server.load for about, (_, server) in self._servers.items()}

    async def close(self) -> None:
        """Ends what is idle."""
        for about in list(self._servers):
            self._leave(about)
        await asyncio.gather(*self._closing)

    def _leave(self, about: ResourceId) -> None:
        _, server = self._servers.pop(about)
        task = asyncio.get_running_loop().create_task(server.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _made(self, found: Found) -> Wired:
        login = next((each for each in self._logins if each.fits(found)), None)
        if login is None:
            mend = "Add a [[postgres]] to the profile that says where its password is kept."
            raise CannotCollect(f"The profile has no login for {found.id}.", mend=mend)
        if found.endpoint is None:
            raise CannotCollect(f"{found.id} has no address yet.", mend="It has one as soon as AWS has made it.")
        host, port = found.endpoint
        target = Target(host, login.port or port, login.encryption, login.ca_file, login.database)
        secret = self._safes.secret(login.kept, login.user, found)
        return Wired(target, secret, self._clock, budget=login.budget)


def _names(found: Found) -> tuple[str, ...]:
    return (found.name, *(found.endpoint[:1] if found.endpoint else ()))
