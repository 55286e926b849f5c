"""The MySQL and MariaDB servers of a profile: how each is logged in to."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.database import reached
from collectors.database.kept import Safes
from collectors.database.secret import Secret
from collectors.knock.knock import Knocker
from collectors.knock.mysql import MySqlKnocker
from collectors.mysql.asking import Servers
from collectors.mysql.wire.target import Encryption, Target
from collectors.mysql.wire.wired import Wired
from collectors.readings import ResourceId
from collectors.threads import Threads

ENGINES = ("mysql", "mariadb")


@dataclass(frozen=True, slots=True)
class Login(reached.Login):
    """``heartbeat``: a table that tells the lag better than the server does; empty for none."""

    engines: tuple[str, ...] = ENGINES
    encryption: Encryption = Encryption.VERIFY
    heartbeat: str = ""


class WiredServers(reached.Reached[Login, Wired], Servers):
    """One for an engine."""

    section = "mysql"

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

    def knocker(self, found: Found, threads: Threads, now: Callable[[], datetime]) -> Knocker:
        return MySqlKnocker(*self._how(*self._way(found)), threads, now)

    def _how(self, login: Login, found: Found, address: tuple[str, int]) -> tuple[Target, Secret]:
        ca_file = str(Path(login.ca_file).expanduser()) if login.ca_file else ""
        secret = self._safes.secret(login.kept, login.user, found)
        return Target(*address, login.encryption, ca_file), secret

    def _made(self, login: Login, found: Found, address: tuple[str, int]) -> Wired:
        return Wired(
            *self._how(login, found, address),
            self._threads,
            self._clock,
            budget=login.budget,
            heartbeat=login.heartbeat,
        )
