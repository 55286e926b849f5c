"""The Redis and Valkey nodes of a profile: how each is logged in to, and at which address it answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.database import reached
from collectors.database.kept import Safes
from collectors.database.secret import Secret
from collectors.knock.knock import Knocker
from collectors.knock.redis import RedisKnocker
from collectors.readings import ResourceId
from collectors.redis.asking import Caches
from collectors.redis.wire.target import DEFAULT_USER, Target
from collectors.redis.wire.wired import WiredCache
from collectors.threads import Threads


@dataclass(frozen=True, slots=True)
class Login(reached.Login):
    kept: str = ""
    flush_kept: str = ""  # of whoever flushes; empty: nobody may
    flush_user: str = ""
    engines: tuple[str, ...] = ("redis", "valkey")
    tls: bool = True


class WiredCaches(reached.Reached[Login, WiredCache], Caches):
    """One for an engine."""

    section = "redis"

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
        super().__init__(logins, find)
        self._threads, self._clock = threads, clock
        self._safes = Safes(reader, threads, environment)

    def whose(self, host: str, port: int) -> ResourceId | None:
        """By the address that it is asked at, or that answered there."""
        return next(
            (
                about
                for about, (_, cache) in self._there.items()
                if cache.target.port == port and host in (cache.target.host, cache.peer)
            ),
            None,
        )

    def knocker(self, found: Found, threads: Threads, now: Callable[[], datetime]) -> Knocker:
        return RedisKnocker(*self._how(*self._way(found)), threads, now)

    def entrance(self, found: Found) -> tuple[Login, Target]:
        """For whoever has another login there: what the profile says, and where."""
        login, _, address = self._way(found)
        return login, self._target(login, address)

    def _made(self, login: Login, found: Found, address: tuple[str, int]) -> WiredCache:
        return WiredCache(*self._how(login, found, address), self._threads, self._clock, budget=login.budget)

    def _how(self, login: Login, found: Found, address: tuple[str, int]) -> tuple[Target, Secret]:
        return self._target(login, address), self._safes.secret(login.kept, login.user, found, otherwise=DEFAULT_USER)

    def _target(self, login: Login, address: tuple[str, int]) -> Target:
        return Target(*address, tls=login.tls, ca_file=reached.trusted(login.ca_file))
