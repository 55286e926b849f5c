"""One connection to a SQL Server, as a thread uses it: all of it blocks."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Sequence
from typing import Any

from collectors.database.credentials import Credentials
from collectors.database.rows import Rows
from collectors.errors import CannotCollect
from collectors.sqlserver.asking import Question
from collectors.sqlserver.wire import driver as drivers
from collectors.sqlserver.wire.driver import Driver
from collectors.sqlserver.wire.target import Target

MOST_ROWS = 50_000
MOST_BYTES = 16 * 1024 * 1024
_AT_ONCE = 500  # rows taken from the driver between two looks at how many there are
_VALUE_BYTES = 16  # what a value that is no text counts for

PROLOGUE = f"""/* dbconsole:prologue */
SET NOCOUNT ON;
SET DEADLOCK_PRIORITY -10;
SET LOCK_TIMEOUT 2000;
SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED;
SET TEXTSIZE {MOST_BYTES + 2};
"""
"""We lose each deadlock, hold nobody up, wait for nobody; and no one value is larger than a whole answer may be."""


class Connection:
    """Asks one question at a time; `cancel` alone is for another thread than the one that asks."""

    def __init__(self, raw: Any, version: str) -> None:
        self.version = version  # of the server: 16.0.4085, or empty
        self._raw = raw
        self._cursor: Any = None
        self._lock = threading.Lock()  # a cursor is not closed while another thread cancels it

    @classmethod
    def open(
        cls, driver: Driver, target: Target, credentials: Credentials, prologue: str = PROLOGUE
    ) -> Connection:
        """Raises the driver's own errors: `errors.told` knows them. ``prologue``: empty, where one question says it."""
        pyodbc = drivers.manager()
        text = drivers.connection_string(driver, target, credentials)
        raw = pyodbc.connect(text, autocommit=True, timeout=target.login_s)
        try:
            raw.timeout = target.login_s
            if prologue:
                raw.execute(prologue).close()
            return cls(raw, _version(raw.getinfo(pyodbc.SQL_DBMS_VER)))
        except BaseException:
            with contextlib.suppress(Exception):
                raw.close()
            raise

    def ask(self, question: Question, arguments: Sequence[str | int]) -> tuple[Rows, ...]:
        """All its result sets, drained; `CannotCollect` where they are more than anybody foresaw."""
        self._raw.timeout = max(1, math.ceil(question.within.total_seconds()))
        cursor = self._raw.cursor()
        with self._lock:
            self._cursor = cursor
        try:
            cursor.execute(question.text, *arguments)
            return tuple(_drained(cursor, question))
        finally:  # to close it stops what is still on the way
            with self._lock:
                self._cursor = None
            with contextlib.suppress(Exception):  # what was wrong with it was told already
                cursor.close()

    def cancel(self) -> None:
        """Asks the server to stop what is under way. Whoever asked meets an error, or the end of the answer."""
        with self._lock, contextlib.suppress(Exception):
            if self._cursor is not None:
                self._cursor.cancel()

    def close(self) -> None:
        with contextlib.suppress(Exception):  # the line is broken: then it is closed
            self._raw.close()


def _drained(cursor: Any, question: Question) -> list[Rows]:
    """A connection whose answer is not drained is busy for the next one."""
    sets: list[Rows] = []
    budget = _Budget(question.name)
    while True:
        if cursor.description is not None:
            columns = tuple(column[0] for column in cursor.description)
            rows: list[tuple[object, ...]] = []
            while some := cursor.fetchmany(_AT_ONCE):
                budget.spend(some)
                rows.extend(map(tuple, some))
            sets.append(Rows(columns, tuple(rows)))
        if not cursor.nextset():
            return sets


class _Budget:
    """How much more one answer may hold."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows, self._bytes = MOST_ROWS, MOST_BYTES

    def spend(self, rows: Sequence[Sequence[object]]) -> None:
        self._rows -= len(rows)
        self._bytes -= sum(_size(value) for row in rows for value in row)
        if self._rows < 0 or self._bytes < 0:
            seen = f"over {MOST_ROWS:,} rows" if self._rows < 0 else f"over {MOST_BYTES // 1024 // 1024} MiB"
            raise CannotCollect(
                f"The answer to {self._name} is larger than any that was foreseen, and was cut off.", seen=seen
            )


def _size(value: object) -> int:
    if isinstance(value, str):
        return 2 * len(value)  # as it travels
    return len(value) if isinstance(value, bytes) else _VALUE_BYTES


def _version(told: object) -> str:
    """`16.00.4085` as people write it: 16.0.4085."""
    parts = str(told).split(".")[:3]
    return ".".join(str(int(part)) for part in parts) if all(part.isdigit() for part in parts) else ""
