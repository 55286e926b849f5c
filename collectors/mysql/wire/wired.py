"""A MySQL or MariaDB server that is asked over the wire: one connection, one statement at a time, an end to waiting."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from collectors.database.credentials import Credentials
from collectors.database.key import Key
from collectors.database.load import BUDGET, Book, Load
from collectors.database.rows import Rows
from collectors.database.secret import Secret
from collectors.errors import CannotCollect, Throttled
from collectors.mysql.asking import Question, Server
from collectors.mysql.wire.connection import Connection
from collectors.mysql.wire.errors import About, Told, told
from collectors.mysql.wire.target import Encryption, Target
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.threads import Threads

DRIVER = Safe("PyMySQL")
GRACE_S = 2.0  # beside the time-outs of the driver and the server, before the line is cut
TRUSTED = Safe("the certificate is not verified, as the profile says")
T = TypeVar("T")


class Wired(Server):
    """The server at one address. It connects when it is first asked, and anew after each connection that was lost."""

    def __init__(
        self,
        target: Target,
        secret: Secret,
        threads: Threads,
        clock: Callable[[], float],
        *,
        budget: float = BUDGET,
        heartbeat: str = "",
    ) -> None:
        """``clock``: seconds that never go back."""
        self.target = target
        self._name = f"MySQL {target}"
        self._threads, self._clock = threads, clock
        self._key = Key(secret, clock)
        self._turn = asyncio.Lock()
        self._connection: Connection | None = None
        self._is_over = False
        self._book = Book(budget)
        self._heartbeat = heartbeat

    @property
    def heartbeat(self) -> str:
        return self._heartbeat

    async def ask(self, question: Question) -> Rows:
        self._afford(question)
        async with self._turn:
            connection = self._connection or await self._connect()
            within = question.within.total_seconds()
            about = About(str(self.target), grant=question.grants[0] if question.grants else "", seconds=within)
            began, rows = self._clock(), None
            try:
                rows = await self._sent(connection, question, about)
            finally:
                seconds = min(self._clock() - began, within)
                self._book.note(
                    question.name, self._clock(), seconds, 0 if rows is None else len(rows.values), failed=rows is None
                )
            return rows

    def refresh(self) -> None:
        """Somebody asks for another try: a login that was refused may be tried again."""
        self._key.refresh()

    @property
    def load(self) -> Load:
        return Load(
            questions=self._book.spent,
            connections=int(self._connection is not None),
            most_connections=1,
            hanging=self._threads.abandoned.get(self._name, 0),
            driver=DRIVER,
            warning=TRUSTED if self.target.encryption is Encryption.TRUST else NO_TEXT,
        )

    async def close(self) -> None:
        """Of what is idle, or what is under way: whoever asked meets the end of the line."""
        self._is_over = True
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(TimeoutError, CannotCollect):
                connection.cut()
                await self._in_thread(connection.close, self.target.login_s)

    def _afford(self, question: Question) -> None:
        wait = self._book.wait(question.name, self._clock())
        if wait > timedelta(0):
            what = f"{sanitise(question.name)} has had its {self._book.budget:.0%} of the time of {self.target}."
            mend = f"It is asked again in {wait.total_seconds():.0f} s; `query_budget` in the profile allows more."
            raise Throttled(what, mend=mend)

    async def _sent(self, connection: Connection, question: Question, about: About) -> Rows:
        """Whoever gives up leaves the connection to the thread, which meets its end and closes it."""
        is_back = False
        try:
            found = await self._in_thread(partial(_asked, connection, question, about), about.seconds + GRACE_S)
            is_back = True
        except TimeoutError:
            what = f"{self.target} did not answer within {about.seconds:g} s."
            raise CannotCollect(what, mend="Look at how busy it is; the connection is made anew.") from None
        finally:
            if not is_back:
                self._connection = None
                connection.cut()
        if isinstance(found, Told):
            if found.loses:
                self._connection = None
            raise found.trouble
        return found

    async def _connect(self) -> Connection:
        """One attempt; a second only with a secret that has changed meanwhile."""
        found = await self._opened(await self._key.credentials())
        if isinstance(found, Told):
            found = await self._opened(await self._key.after(found.trouble))
        if isinstance(found, Told):
            self._key.refuse(found.trouble)
            raise found.trouble
        self._connection = found
        return found

    async def _opened(self, credentials: Credentials) -> Connection | Told:
        """Or the server's refusal of these credentials; every other trouble is raised."""
        seconds = self.target.login_s
        about = About(str(self.target), credentials.user, seconds=seconds, is_login=True)
        entering, found = _Entering(self.target, credentials, about), None
        try:
            found = await self._in_thread(entering, 2 * seconds + GRACE_S)
        except TimeoutError:
            what = f"{self.target} takes the connection and lets nobody in: given up after {2 * seconds + GRACE_S:g} s."
            raise CannotCollect(what, mend="Look at how busy it is.") from None
        finally:
            if found is None:
                entering.give_up()
        if isinstance(found, Told) and not found.refuses:
            raise found.trouble
        if isinstance(found, Connection) and self._is_over:
            found.cut()
            raise CannotCollect(f"{self.target} is not asked any more.")
        return found

    async def _in_thread(self, work: Callable[[], T], seconds: float) -> T:
        async with asyncio.timeout(seconds):
            return await self._threads.call(self._name, work)


class _Entering:
    """In a thread: a connection that nobody waits for any more is closed there."""

    def __init__(self, target: Target, credentials: Credentials, about: About) -> None:
        self._target, self._credentials, self._about = target, credentials, about
        self._made: Connection | None = None
        self._given_up = False

    def __call__(self) -> Connection | Told:
        try:
            made = self._made = Connection.open(self._target, self._credentials)
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            return told(error, self._about)
        if self._given_up:
            made.close()
        return made

    def give_up(self) -> None:
        """Either the thread sees it, or what it made is seen here."""
        self._given_up = True
        if self._made is not None:
            self._made.cut()


def _asked(connection: Connection, question: Question, about: About) -> Rows | Told:
    """In a thread. A connection in doubt is closed before anybody else can have it."""
    try:
        return connection.ask(question)
    except Exception as error:  # noqa: BLE001 - every one is told, in our words
        found = told(error, about)
    if found.loses:
        connection.close()
    return found
