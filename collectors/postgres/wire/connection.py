"""One connection to a PostgreSQL: it asks one question at a time."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import socket
from collections.abc import Mapping
from typing import Any

from collectors.database.credentials import Credentials
from collectors.database.rows import Rows
from collectors.errors import CannotCollect
from collectors.postgres.asking import Question
from collectors.postgres.wire import driver
from collectors.postgres.wire.target import Target

MOST_ROWS = 10_000  # statements have limits of their own: this one finds a fault of ours


class Connection:
    """Raises the driver's own errors: `trouble.of` knows them."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._within_ms = driver.STATEMENT_MS

    @classmethod
    async def open(
        cls, target: Target, credentials: Credentials, settings: Mapping[str, str] = driver.SETTINGS
    ) -> Connection:
        """The driver and the certificates are read from a disk, which may take its time."""
        module, said = await asyncio.to_thread(
            lambda: (driver.psycopg(), driver.parameters(target, credentials, settings))
        )
        return cls(await module.AsyncConnection.connect(**said, autocommit=True, prepare_threshold=None))

    @property
    def peer(self) -> str:
        """The other end's address."""
        return str(self._raw.info.hostaddr or "")

    def cut(self) -> None:
        """Whoever waits for the server meets the end of the line, and does not ask it to stop first."""
        with contextlib.suppress(Exception), socket.socket(fileno=os.dup(self._raw.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    @property
    def is_broken(self) -> bool:
        return bool(self._raw.closed or self._raw.broken)

    async def ask(self, question: Question) -> Rows:
        """The server stops it by itself when it takes too long."""
        within_ms = math.ceil(1000 * question.within.total_seconds())
        async with self._raw.cursor() as cursor:
            if within_ms != self._within_ms:
                await cursor.execute(f"SET statement_timeout = {within_ms}")
                self._within_ms = within_ms
            await cursor.execute(question.text)
            rows = await cursor.fetchmany(MOST_ROWS + 1)
            if len(rows) > MOST_ROWS:
                what = f"The answer to {question.name} is larger than any that was foreseen, and was cut off."
                raise CannotCollect(what, seen=f"over {MOST_ROWS:,} rows")
            return Rows(tuple(column.name for column in cursor.description), tuple(map(tuple, rows)))

    async def close(self) -> None:
        """At once: the rest is the server's."""
        await self._raw.close()
