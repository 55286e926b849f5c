"""The SQL Servers of a profile: how each is logged in to, and whose certificates are trusted."""

from __future__ import annotations

import os
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.database import reached
from collectors.database.credentials import Credentials
from collectors.database.kept import Safes
from collectors.knock.knock import Knocker
from collectors.knock.sqlserver import SqlServerKnocker
from collectors.readings import ResourceId
from collectors.sqlserver.asking import Servers
from collectors.sqlserver.wire.target import Encryption, Target
from collectors.sqlserver.wire.wired import CONNECTIONS, Wired
from collectors.threads import Threads

_TRUSTED = "SSL_CERT_FILE"  # by which OpenSSL, and so Microsoft's driver, is told whom to trust


@dataclass(frozen=True, slots=True)
class Login(reached.Login):
    engines: tuple[str, ...] = ("sqlserver-*",)
    encryption: Encryption = Encryption.VERIFY
    host_in_certificate: str = ""
    read_only: bool = False
    driver: str = ""
    connections: int = CONNECTIONS
    flush_kept: str = ""  # of whoever throws out plans; empty: nobody may
    flush_user: str = ""


class WiredServers(reached.Reached[Login, Wired], Servers):
    """One for an engine."""

    section = "sqlserver"

    def __init__(
        self,
        logins: Sequence[Login],
        find: Callable[[ResourceId], Found | None],
        reader: Callable[[Place], Reader],
        threads: Threads,
        clock: Callable[[], float],
        *,
        environment: MutableMapping[str, str] = os.environ,
    ) -> None:
        """``clock``: seconds that never go back. To be made before a thread runs that speaks TLS by OpenSSL's files."""
        super().__init__(logins, find)
        self._threads, self._clock = threads, clock
        self._safes = Safes(reader, threads, environment)
        self._ca_file = next((login.ca_file for login in logins if login.ca_file), "")
        if self._ca_file:
            environment[_TRUSTED] = str(Path(self._ca_file).expanduser())

    def knocker(self, found: Found, threads: Threads, now: Callable[[], datetime]) -> Knocker:
        """Not with read-only intent, whatever the login says: a listener would lead it past the primary."""
        login, _, address = self._way(found)
        target = replace(self._target(login, address), read_only=False)
        secret = self._safes.secret(login.kept, login.user, found)
        return SqlServerKnocker(target, secret, threads, now, driver=login.driver, is_good=self._have_let_in)

    def entrance(self, found: Found) -> tuple[Login, Target]:
        """For whoever has another login there: what the profile says, and where. Never a readable replica."""
        login, _, address = self._way(found)
        return login, replace(self._target(login, address), read_only=False)

    def _have_let_in(self, credentials: Credentials) -> bool:
        return any(server.has_let_in(credentials) for _, server in self._there.values())

    def _target(self, login: Login, address: tuple[str, int]) -> Target:
        if login.ca_file:
            reached.trusted(self._ca_file)
        return Target(
            *address,
            login.encryption,
            host_in_certificate=login.host_in_certificate,
            read_only=login.read_only,
        )

    def _made(self, login: Login, found: Found, address: tuple[str, int]) -> Wired:
        return Wired(
            self._target(login, address),
            self._safes.secret(login.kept, login.user, found),
            self._threads,
            self._clock,
            driver=login.driver,
            connections=login.connections,
            budget=login.budget,
        )
