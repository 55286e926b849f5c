"""The PostgreSQLs of a profile: how each is logged in to, and by which names they know each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collectors.aws.known import Found
from collectors.database import reached
from collectors.database.kept import Safes
from collectors.database.secret import Secret
from collectors.knock.knock import Knocker
from collectors.knock.postgres import PostgresKnocker
from collectors.postgres.asking import Servers
from collectors.postgres.wire.target import DATABASE, Encryption, Target
from collectors.postgres.wire.wired import Wired
from collectors.readings import ResourceId
from collectors.threads import Threads


@dataclass(frozen=True, slots=True)
class Login(reached.Login):
    engines: tuple[str, ...] = ("postgres",)
    encryption: Encryption = Encryption.VERIFY
    database: str = DATABASE


class WiredServers(reached.Reached[Login, Wired], Servers):
    """One for an engine."""

    section = "postgres"

    def __init__(
        self,
        logins: Sequence[Login],
        find: Callable[[ResourceId], Found | None],
        safes: Safes,
        clock: Callable[[], float],
    ) -> None:
        """``clock``: seconds that never go back."""
        super().__init__(logins, find)
        self._safes, self._clock = safes, clock
        self._names: dict[str, ResourceId] = {}

    def known_as(self, name: str) -> ResourceId | None:
        return self._names.get(name.casefold())

    def name_them(self, found: Sequence[Found]) -> None:
        """All that there are, by the addresses and names that servers call each other by."""
        self._names = {name.casefold(): each.id for each in found for name in _names(each)}

    def knocker(self, found: Found, threads: Threads, now: Callable[[], datetime]) -> Knocker:
        return PostgresKnocker(*self._how(*self._way(found)), threads, now)

    def _made(self, login: Login, found: Found, address: tuple[str, int]) -> Wired:
        return Wired(*self._how(login, found, address), self._clock, budget=login.budget)

    def _how(self, login: Login, found: Found, address: tuple[str, int]) -> tuple[Target, Secret]:
        target = Target(*address, login.encryption, login.ca_file, login.database)
        return target, self._safes.secret(login.kept, login.user, found)


def _names(found: Found) -> tuple[str, ...]:
    return (found.name, *(found.endpoint[:1] if found.endpoint else ()))
