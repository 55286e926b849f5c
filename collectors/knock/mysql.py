"""Knocking at a MySQL or MariaDB server: may one log in, and does it take writes?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel

from collectors.database.credentials import Credentials
from collectors.database.question import text_of
from collectors.database.secret import Secret
from collectors.knock.endpoint import PATIENCE_S, AtEndpoint, seen
from collectors.knock.judgement import Judged, of_mysql, role_of_mysql
from collectors.mysql.asking import Question
from collectors.mysql.wire.connection import Connection
from collectors.mysql.wire.errors import About
from collectors.mysql.wire.target import Target
from collectors.threads import Threads

_ROLE = Question("knock", text_of("collectors.knock", "mysql"), ())


class _Row(BaseModel, coerce_numbers_to_str=True):
    is_read_only: str
    engine_is_read_only: str
    node: str


class MySqlKnocker(AtEndpoint):
    """Nobody only looks whether the port is open: the server would count that against this host, and lock it out."""

    def __init__(
        self,
        target: Target,
        secret: Secret,
        threads: Threads,
        now: Callable[[], datetime],
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        super().__init__(target.host, target.port, secret, threads, now, patience_s=patience_s)
        self._target = replace(target, login_s=patience_s)
        self._at = f"a knock at {self.endpoint}"

    @property
    def _is_hanging(self) -> bool:
        return bool(self._threads.abandoned.get(self._at))

    async def _go_in(self, credentials: Credentials, addresses: list[str]) -> Judged:
        visit = _Visit(self._target, credentials)
        try:
            return await self._threads.call(self._at, visit)
        finally:
            visit.give_up()


class _Visit:
    """In a thread."""

    def __init__(self, target: Target, credentials: Credentials) -> None:
        self._target, self._credentials = target, credentials
        self._connection: Connection | None = None
        self._given_up = False

    def __call__(self) -> Judged:
        about = About(str(self._target), self._credentials.user, seconds=self._target.login_s, is_login=True)
        try:
            connection = self._connection = Connection.open(self._target, self._credentials, to_stay=False)
            about = replace(about, is_login=False)
            if self._given_up:
                connection.cut()
            (row,) = connection.ask(_ROLE).as_(_Row)
            found = role_of_mysql(row.is_read_only, row.engine_is_read_only, seen(row.node))
            return replace(found, address=seen(connection.peer))
        except Exception as error:  # noqa: BLE001 - every one is judged
            return of_mysql(error, about)
        finally:
            if self._connection is not None:
                self._connection.close()

    def give_up(self) -> None:
        """Whoever waits for the server meets the end of the line; of no consequence where it is back."""
        self._given_up = True
        if self._connection is not None:
            self._connection.cut()
