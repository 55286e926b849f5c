"""Knocking at a PostgreSQL: may one log in, and is it a primary that may be written?"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel

from collectors.database.credentials import Credentials
from collectors.database.question import text_of
from collectors.database.secret import Secret
from collectors.knock.endpoint import PATIENCE_S, AtEndpoint, seen
from collectors.knock.heard import Heard
from collectors.knock.judgement import Judged, of_postgres, role_of_postgres
from collectors.postgres.asking import Question
from collectors.postgres.wire import driver
from collectors.postgres.wire.connection import Connection
from collectors.postgres.wire.errors import About
from collectors.postgres.wire.target import Target
from collectors.safe import NO_TEXT, Safe
from collectors.threads import Threads

_ROLE = Question("knock", text_of("collectors.knock", "postgres"), ())


class _Row(BaseModel):
    in_recovery: bool
    is_read_only: bool
    node: str | None


class PostgresKnocker(AtEndpoint):
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
        self._target = replace(target, login_s=math.ceil(patience_s))
        self._left: asyncio.Task[Judged] | None = None  # a visit that was given up, until it is over

    @property
    def _is_hanging(self) -> bool:
        return self._left is not None and not self._left.done()

    async def _go_in(self, credentials: Credentials, addresses: list[str]) -> Judged:
        """psycopg would ask the server to stop, and wait for that, if it were cancelled: its line is cut instead."""
        visit = _Visit(replace(self._target, addresses=tuple(addresses)), credentials)
        self._left = task = asyncio.get_running_loop().create_task(visit())
        try:
            await asyncio.wait((task,))
        finally:
            if not task.done() and not visit.cut():
                task.cancel()
        return task.result()


class _Visit:
    def __init__(self, target: Target, credentials: Credentials) -> None:
        self._target, self._credentials = target, credentials
        self._connection: Connection | None = None

    async def __call__(self) -> Judged:
        target = self._target
        about = About(str(target), self._credentials.user, target.database, seconds=target.login_s)
        try:
            self._connection = await Connection.open(target, self._credentials, driver.KNOCKING)
            (row,) = (await self._connection.ask(_ROLE)).as_(_Row)
            found: Judged = role_of_postgres(
                in_recovery=row.in_recovery, is_read_only=row.is_read_only, node=seen(row.node)
            )
        except Exception as error:  # noqa: BLE001 - every one is judged
            found = of_postgres(error, about, is_login=self._connection is None)
        return replace(found, address=await self._left()) if isinstance(found, Heard) else found

    def cut(self) -> bool:
        """Whether there was something to cut."""
        if self._connection is None:
            return False
        self._connection.cut()
        return True

    async def _left(self) -> Safe:
        connection = self._connection
        if connection is None:
            return NO_TEXT
        address = seen(connection.peer)
        with contextlib.suppress(Exception):  # the line is broken: then it is closed
            await connection.close()
        return address
