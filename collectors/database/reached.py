"""Which server serves a resource, and as whom is it asked? By what the inventory found and what the profile says."""

from __future__ import annotations

import asyncio
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import ClassVar, Generic, Protocol, TypeVar

from collectors.aws.known import Found
from collectors.database.load import BUDGET, Load
from collectors.errors import CannotCollect
from collectors.knock.knock import Knocker
from collectors.readings import ResourceId
from collectors.threads import Threads


@dataclass(frozen=True, slots=True)
class Login:
    """How those that fit are logged in to. ``kept``: `rds`, `env:…`, `file:…`, `secretsmanager:…`; empty: not."""

    kept: str
    ids: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    user: str = ""
    ca_file: str = ""
    port: int | None = None
    budget: float = BUDGET

    def fits(self, found: Found) -> bool:
        given = ((found.id, self.ids), (found.engine, self.engines))
        return all(not wanted or any(fnmatchcase(word, each) for each in wanted) for word, wanted in given)


class Wired(Protocol):
    """A server that is asked over the wire."""

    @property
    def load(self) -> Load: ...

    def refresh(self) -> None:
        """Somebody asks for another try: a login that was refused may be tried again."""

    async def close(self) -> None:
        """Ends what is idle."""


L = TypeVar("L", bound=Login)
W = TypeVar("W", bound=Wired)


class Reached(ABC, Generic[L, W]):
    """All of one kind, on one loop. One whose address or name changed is another server."""

    section: ClassVar[str]  # of a profile, where logins are

    def __init__(self, logins: Sequence[L], find: Callable[[ResourceId], Found | None]) -> None:
        self._logins, self._find = tuple(logins), find
        self._there: dict[ResourceId, tuple[Found, W]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    @abstractmethod
    def _made(self, login: L, found: Found, address: tuple[str, int]) -> W:
        """The one at that address; it connects when it is first asked."""

    def of(self, about: ResourceId) -> W:
        found = self._find(about)
        if found is None:
            raise CannotCollect(f"{about} is not known to the inventory.", mend="Wait until it has been read.")
        before = self._there.get(about)
        if before is not None and (before[0].endpoint, before[0].name) == (found.endpoint, found.name):
            return before[1]
        self._leave(about)
        server = self._new(found)
        self._there[about] = (found, server)
        return server

    @abstractmethod
    def knocker(self, found: Found, threads: Threads, now: Callable[[], datetime]) -> Knocker:
        """Of its endpoint, with the same login; raises `CannotCollect` where there is no login, or no endpoint.

        ``threads`` are of knocks alone; ``now`` is the estate's time.
        """

    def is_asked(self, found: Found) -> bool:
        """Whether the profile has a login for it."""
        return any(login.fits(found) for login in self._logins)

    def refresh(self, about: ResourceId) -> None:
        """Somebody asks for another try: a login that was refused may be tried again."""
        if about in self._there:
            self._there[about][1].refresh()

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        """What each that was asked is asked by us."""
        return {about: server.load for about, (_, server) in self._there.items()}

    def keep(self, there: Collection[ResourceId]) -> None:
        """Those that are not there any more are asked no more."""
        for about in [about for about in self._there if about not in there]:
            self._leave(about)

    async def close(self) -> None:
        """Ends what is idle."""
        self.keep(())
        await asyncio.gather(*self._closing)

    def _leave(self, about: ResourceId) -> None:
        if about in self._there:
            _, server = self._there.pop(about)
            task = asyncio.get_running_loop().create_task(server.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _new(self, found: Found) -> W:
        return self._made(*self._way(found))

    def _way(self, found: Found) -> tuple[L, Found, tuple[str, int]]:
        """As whom, to which, and where."""
        login = next((each for each in self._logins if each.fits(found)), None)
        if login is None:
            mend = f"Add a [[{self.section}]] to the profile that says how it is logged in to."
            raise CannotCollect(f"The profile has no login for {found.id}.", mend=mend)
        if found.endpoint is None:
            raise CannotCollect(f"{found.id} has no address yet.", mend="It has one as soon as AWS has made it.")
        host, port = found.endpoint
        return login, found, (host, login.port or port)


def trusted(ca_file: str) -> str:
    """The path of certificates that the profile names, which can be read; empty where it names none."""
    path = str(Path(ca_file).expanduser()) if ca_file else ""
    if path and not os.access(path, os.R_OK):
        what = "The certificates that the profile names as `ca_file` cannot be read."
        raise CannotCollect(what, seen=ca_file, mend="Correct the path, or put the file there.")
    return path
