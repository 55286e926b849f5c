"""Which server serves a resource, and as whom is it asked? By what the inventory found and what the profile says."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.database.kept import Safes
from collectors.database.load import BUDGET, Load
from collectors.errors import CannotCollect
from collectors.mysql.asking import Servers
from collectors.mysql.wire.target import Encryption, Target
from collectors.mysql.wire.wired import Wired
from collectors.readings import ResourceId
from collectors.threads import Threads

ENGINES = ("mysql", "mariadb")


@dataclass(frozen=True, slots=True)
class Login:
    """How the instances that fit are logged in to. ``kept``: `rds`, `env:…`, `file:…` or `secretsmanager:…`."""

    kept: str
    ids: tuple[str, ...] = ()
    engines: tuple[str, ...] = ENGINES
    user: str = ""
    encryption: Encryption = Encryption.VERIFY
    ca_file: str = ""
    port: int | None = None
    heartbeat: str = ""
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
        reader: Callable[[Place], Reader],
        threads: Threads,
        clock: Callable[[], float],
        *,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """``clock``: seconds that never go back."""
        self._logins = tuple(logins)
        self._find, self._threads, self._clock = find, threads, clock
        self._safes = Safes(reader, threads, environment)
        self._servers: dict[ResourceId, tuple[Found, Wired]] = {}
        self._closing: set[asyncio.Task[None]] = set()

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

    def _leave(self, about: ResourceId) -> None:
        """It is asked no more; its connection ends."""
        if about in self._servers:
            _, server = self._servers.pop(about)
            task = asyncio.get_running_loop().create_task(server.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def keep(self, there: Collection[ResourceId]) -> None:
        """Those that are not there any more are asked no more."""
        for about in [about for about in self._servers if about not in there]:
            self._leave(about)

    async def close(self) -> None:
        for about in list(self._servers):
            self._leave(about)
        await asyncio.gather(*self._closing)

    def _made(self, found: Found) -> Wired:
        login = next((each for each in self._logins if each.fits(found)), None)
        if login is None:
            mend = "Add a [[mysql]] to the profile that says where its password is kept."
            raise CannotCollect(f"The profile has no login for {found.id}.", mend=mend)
        if found.endpoint is None:
            raise CannotCollect(f"{found.id} has no address yet.", mend="It has one as soon as AWS has made it.")
        host, port = found.endpoint
        ca_file = str(Path(login.ca_file).expanduser()) if login.ca_file else ""
        return Wired(
            Target(host, login.port or port, login.encryption, ca_file),
            self._safes.secret(login.kept, login.user, found),
            self._threads,
            self._clock,
            budget=login.budget,
            heartbeat=login.heartbeat,
        )
