"""Knocking at a SQL Server: may one log in, and is the database that AWS keeps there one that may be written?"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import BaseModel

from collectors.database.credentials import Credentials
from collectors.database.question import text_of
from collectors.database.secret import Secret
from collectors.errors import CannotCollect
from collectors.knock.endpoint import PATIENCE_S, AtEndpoint
from collectors.knock.heard import Heard, words
from collectors.knock.judgement import Judged, of_sqlserver, role_of_sqlserver
from collectors.knock.knock import Door
from collectors.safe import sanitise
from collectors.sqlserver.asking import Question
from collectors.sqlserver.wire import driver as drivers
from collectors.sqlserver.wire.connection import Connection
from collectors.sqlserver.wire.errors import About
from collectors.sqlserver.wire.reach import reach
from collectors.sqlserver.wire.target import Target
from collectors.threads import Threads

CAUTION_S = 10.0  # between two tries of a password that was never right: each may be one towards a locked account
_ROLE = Question("knock", text_of("collectors.knock", "sqlserver"), (), timedelta(seconds=1))


class _Row(BaseModel):
    asked: str
    updateability: str | None
    status: str | None
    node: str | None


class SqlServerKnocker(AtEndpoint):
    def __init__(
        self,
        target: Target,
        secret: Secret,
        threads: Threads,
        now: Callable[[], datetime],
        *,
        driver: str = "",
        is_good: Callable[[Credentials], bool] = lambda _: False,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """``is_good``: whether somebody is known to have been let in with these."""
        super().__init__(target.host, target.port, secret, threads, now, patience_s=patience_s)
        self._target = replace(target, login_s=max(1, math.ceil(patience_s)))
        self._driver, self._is_good = driver, is_good
        self._right: Credentials | None = None
        self._wrong: Credentials | None = None
        self._not_before = 0.0
        self._at = f"a knock at {self.endpoint}"

    @property
    def _is_hanging(self) -> bool:
        return bool(self._threads.abandoned.get(self._at))

    async def _go_in(self, credentials: Credentials, addresses: list[str]) -> Judged:
        tries = credentials != self._wrong or time.monotonic() >= self._not_before
        visit = _Visit(self._target, credentials if tries else None, self._driver, self.patience_s)
        try:
            found = await self._threads.call(self._at, visit)
        finally:
            visit.give_up()
        if isinstance(found, Heard) and tries:
            self._remember(credentials, found)
        return found

    def _remember(self, credentials: Credentials, heard: Heard) -> None:
        if heard.may_log_in:
            self._right, self._wrong = credentials, None
        elif heard.may_log_in is False and credentials != self._right and not self._is_good(credentials):
            self._wrong, self._not_before = credentials, time.monotonic() + CAUTION_S


class _Visit:
    """In a thread. Nobody can take a connection from under ODBC: given up, it ends by the driver's own time-outs."""

    def __init__(self, target: Target, credentials: Credentials | None, driver: str, seconds: float) -> None:
        self._target, self._credentials, self._driver, self._seconds = target, credentials, driver, seconds
        self._given_up = False

    def __call__(self) -> Judged:
        try:
            module = drivers.manager()
            driver = drivers.choose(module.drivers(), self._driver)
        except CannotCollect as trouble:
            return trouble
        try:
            reach(self._target, self._seconds)
        except CannotCollect as trouble:  # Microsoft's driver would call each of these a time-out
            return Heard(Door.DARK, words(f"{trouble.what} {trouble.seen}"))
        if self._credentials is None:
            return Heard(Door.RECOVERING, words("the login was refused, and is tried again soon"), may_log_in=False)
        return self._asked(driver, self._credentials)

    def give_up(self) -> None:
        """Of no consequence where it is back. A statement is not cancelled: that waits for the server too."""
        self._given_up = True

    def _asked(self, driver: drivers.Driver, credentials: Credentials) -> Judged:
        target = self._target
        about = About(str(target), credentials.user, target.database, seconds=target.login_s, is_login=True)
        connection: Connection | None = None
        try:
            if self._given_up:
                raise CannotCollect("It was given up before it logged in.")  # to nobody
            connection = Connection.open(driver, target, credentials, prologue="")
            about = replace(about, is_login=False)
            (row,) = connection.ask(_ROLE, ())[-1].as_(_Row)
            return role_of_sqlserver(row.asked, row.updateability, row.status, sanitise(row.node or "", 100))
        except Exception as error:  # noqa: BLE001 - every one is judged
            return of_sqlserver(error, about)
        finally:
            if connection is not None:
                connection.close()
