"""Which node is a resource, and as whom is it asked? By what the inventory found and what the profile says."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.database.kept import Safes
from collectors.database.load import BUDGET, Load
from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.redis.asking import Caches
from collectors.redis.wire.target import DEFAULT_USER, Target
from collectors.redis.wire.wired import WiredCache
from collectors.threads import Threads


@dataclass(frozen=True, slots=True)
class Login:
    """How the nodes that fit are logged in to. ``kept``: `env:…`, `file:…`, `secretsmanager:…` or empty: not at all."""

    kept: str = ""
    ids: tuple[str, ...] = ()
    engines: tuple[str, ...] = ("redis", "valkey")
    user: str = ""
    tls: bool = True
    ca_file: str = ""
    port: int | None = None
    budget: float = BUDGET

    def fits(self, found: Found) -> bool:
        given = ((found.id, self.ids), (found.engine, self.engines))
        return all(not wanted or any(fnmatchcase(word, each) for each in wanted) for word, wanted in given)


class WiredCaches(Caches):
    """One for an engine, on its loop. A node whose address or name changed is another node."""

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
        self._caches: dict[ResourceId, tuple[Found, WiredCache]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def of(self, about: ResourceId) -> WiredCache:
        found = self._find(about)
        if found is None:
            raise CannotCollect(f"{about} is not known to the inventory.", mend="Wait until it has been read.")
        before = self._caches.get(about)
        if before is not None and (before[0].endpoint, before[0].name) == (found.endpoint, found.name):
            return before[1]
        if before is not None:
            self._leave(about)
        cache = self._made(found)
        self._caches[about] = (found, cache)
        return cache

    def whose(self, host: str, port: int) -> ResourceId | None:
        """By the address that it is asked at, or that answered there."""
        return next(
            (
                about
                for about, (_, cache) in self._caches.items()
                if cache.target.port == port and host in (cache.target.host, cache.peer)
            ),
            None,
        )

    def is_asked(self, found: Found) -> bool:
        """Whether the profile has a login for it."""
        return any(login.fits(found) for login in self._logins)

    def refresh(self, about: ResourceId) -> None:
        """Somebody asks for another try: a login that was refused may be tried again."""
        if about in self._caches:
            self._caches[about][1].refresh()

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        """What each node that was asked is asked by us."""
        return {about: cache.load for about, (_, cache) in self._caches.items()}

    async def close(self) -> None:
        """Ends what is idle."""
        for about in list(self._caches):
            self._leave(about)
        await asyncio.gather(*self._closing)

    def _leave(self, about: ResourceId) -> None:
        _, cache = self._caches.pop(about)
        task = asyncio.get_running_loop().create_task(cache.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _made(self, found: Found) -> WiredCache:
        login = next((each for each in self._logins if each.fits(found)), None)
        if login is None:
            mend = "Add a [[redis]] to the profile that says how it is logged in to."
            raise CannotCollect(f"The profile has no login for {found.id}.", mend=mend)
        if found.endpoint is None:
            raise CannotCollect(f"{found.id} has no address yet.", mend="It has one as soon as AWS has made it.")
        ca_file = str(Path(login.ca_file).expanduser()) if login.ca_file else ""
        if ca_file and not os.access(ca_file, os.R_OK):
            what = "The certificates that the profile names as `ca_file` cannot be read."
            raise CannotCollect(what, seen=login.ca_file, mend="Correct the path, or put the file there.")
        host, port = found.endpoint
        target = Target(host, login.port or port, tls=login.tls, ca_file=ca_file)
        secret = self._safes.secret(login.kept, login.user, found, otherwise=DEFAULT_USER)
        return WiredCache(target, secret, self._threads, self._clock, budget=login.budget)
