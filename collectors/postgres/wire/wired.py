"""A PostgreSQL that is asked over the wire: one connection, one statement at a time, and an end to waiting."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from collectors.database.credentials import Credentials
from collectors.database.key import Key
from collectors.database.load import BUDGET, Book, Load
from collectors.database.rows import Rows
from collectors.database.secret import Secret
from collectors.errors import CannotCollect, Throttled
from collectors.postgres.asking import Question, Server
from collectors.postgres.wire import driver
from collectors.postgres.wire.connection import Connection
from collectors.postgres.wire.errors import About, Told, told
from collectors.postgres.wire.target import Target
from collectors.safe import Safe, sanitise

T = TypeVar("T")
DRIVER = Safe("psycopg")
GRACE_S = 1.0  # over the time in which the server ought to have stopped by itself
PATIENCE = 4  # times a question's own time: so long it waits for those before it
ENTERING = 2  # times the login time-out: an address more, and a little
MOST_HANGING = 2  # connections that were given up and have not come back


class Wired(Server):
    """The server at one address. It connects when it is first asked, and anew after a connection that was lost."""

    def __init__(self, target: Target, secret: Secret, clock: Callable[[], float], *, budget: float = BUDGET) -> None:
        """``clock``: seconds that never go back."""
        self.target = target
        self._clock = clock
        self._key = Key(secret, clock)
        self._turn = asyncio.Lock()
        self._connection: Connection | None = None
        self._book = Book(budget)
        self._tidying: set[asyncio.Task[None]] = set()

    async def ask(self, question: Question) -> Rows:
        self._afford(question)
        within = question.within.total_seconds()
        async with self._my_turn(PATIENCE * within):
            connection = await self._connected()
            began = self._clock()
            answer: Rows | None = None
            try:
                answer = await self._answer(connection, question)
            finally:
                seconds = min(self._clock() - began, within)  # what is over that is no work of the server's
                rows = len(answer.values) if answer is not None else 0
                self._book.note(question.name, self._clock(), seconds, rows, failed=answer is None)
            return answer

    def refresh(self) -> None:
        """Somebody asks for another try: a login that was refused may be tried again."""
        self._key.refresh()

    @property
    def load(self) -> Load:
        return Load(
            questions=self._book.spent,
            connections=int(self._connection is not None) + len(self._tidying),
            most_connections=1 + MOST_HANGING,
            hanging=len(self._tidying),
            driver=DRIVER,
            warning=driver.warning(self.target),
        )

    async def close(self) -> None:
        """Ends what is idle, and what was given up."""
        await self._drop()
        for task in list(self._tidying):
            task.cancel()
        await asyncio.gather(*self._tidying, return_exceptions=True)

    def _afford(self, question: Question) -> None:
        wait = self._book.wait(question.name, self._clock())
        if wait > timedelta(0):
            what = f"{sanitise(question.name)} has had its {self._book.budget:.0%} of the time of {self.target}."
            mend = f"It is asked again in {wait.total_seconds():.0f} s; `query_budget` in the profile allows more."
            raise Throttled(what, mend=mend)

    @contextlib.asynccontextmanager
    async def _my_turn(self, seconds: float) -> Any:
        try:
            async with asyncio.timeout(seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise CannotCollect(f"The connection to {self.target} was not free within {seconds:g} s.") from None
        try:
            yield
        finally:
            self._turn.release()

    async def _answer(self, connection: Connection, question: Question) -> Rows:
        within = question.within.total_seconds()
        about = About(
            str(self.target),
            database=self.target.database,
            grant=question.grants[0] if question.grants else "",
            seconds=within,
        )
        try:
            return await self._in_time(connection.ask(question), within + GRACE_S)
        except TimeoutError:
            self._connection = None  # whoever was given up closes it
            what = f"{self.target} neither answers nor stops: given up after {within + GRACE_S:g} s."
            raise CannotCollect(what, mend="It is asked on a new connection.") from None
        except asyncio.CancelledError:
            self._connection = None
            raise
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            found = _told(error, about)
            if found.loses or connection.is_broken:
                await self._drop()
            raise found.trouble from None

    async def _connected(self) -> Connection:
        """One attempt; a second only with a secret that has changed meanwhile."""
        if self._connection is not None and not self._connection.is_broken:
            return self._connection
        await self._drop()
        if len(self._tidying) >= MOST_HANGING:
            what = f"{len(self._tidying)} connections to {self.target} still hang."
            raise CannotCollect(what, mend="A new one is made when one of them has ended.")
        refused = await self._opened(await self._key.credentials())
        if refused is not None:
            refused = await self._opened(await self._key.after(refused))
        if refused is not None:
            self._key.refuse(refused)
            raise refused
        if self._connection is None:
            raise AssertionError("a login that nobody refused has no connection")
        return self._connection

    async def _opened(self, credentials: Credentials) -> CannotCollect | None:
        """The server's refusal of these credentials, if that is what it says; every other trouble is raised."""
        target = self.target
        about = About(str(target), credentials.user, target.database, seconds=target.login_s)
        seconds = float(ENTERING * target.login_s)
        try:
            self._connection = await self._in_time(Connection.open(target, credentials), seconds)
        except TimeoutError:
            what = f"{target} takes the connection and lets nobody in: given up after {seconds:g} s."
            raise CannotCollect(what, mend="Look at how busy it is.") from None
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            found = _told(error, about)
            if found.refuses:
                return found.trouble
            raise found.trouble from None
        return None

    async def _in_time(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """To cancel psycopg's own waiting may take long, for it asks the server to stop: nobody waits for that."""
        task = asyncio.get_running_loop().create_task(work)
        try:
            done, _ = await asyncio.wait((task,), timeout=seconds)
        except asyncio.CancelledError:
            self._give_up(task, self._connection)
            raise
        if not done:
            self._give_up(task, self._connection)
            raise TimeoutError
        return task.result()

    def _give_up(self, task: asyncio.Task[Any], connection: Connection | None) -> None:
        tidying = asyncio.get_running_loop().create_task(_tidied(task, connection))
        self._tidying.add(tidying)
        tidying.add_done_callback(self._tidying.discard)

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):  # the line is broken: then it is closed
                await connection.close()


async def _tidied(task: asyncio.Task[Any], connection: Connection | None) -> None:
    """Whatever it opened or held is closed once it has stopped."""
    task.cancel()
    try:
        await asyncio.wait((task,))
    finally:
        made = task.result() if task.done() and not task.cancelled() and task.exception() is None else None
        for each in (connection, made):
            if isinstance(each, Connection):
                with contextlib.suppress(Exception):
                    await each.close()


def _told(error: Exception, about: About) -> Told:
    if isinstance(error, CannotCollect):
        return Told(error, loses=True)
    state = getattr(error, "sqlstate", None)
    if isinstance(error, (TimeoutError, OSError)) and not state:
        return told(None, str(error) or "timed out", about)
    return told(state if isinstance(state, str) else None, str(error), about)
