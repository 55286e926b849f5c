"""A node that is asked over the wire: one connection, one question at a time, and an end to waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from collectors.database.credentials import Credentials
from collectors.database.key import Key
from collectors.database.load import BUDGET, Book, Load
from collectors.database.secret import Secret
from collectors.errors import CannotCollect, Throttled
from collectors.redis.asking import Cache, Fields, Question, Reply, require_reading
from collectors.redis.wire.connection import Connection
from collectors.redis.wire.errors import About, Told, told
from collectors.redis.wire.fields import fields
from collectors.redis.wire.target import Target
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.threads import Threads

_DRIVER = Safe("redis-py")
_UNENCRYPTED = Safe("The connection to a cache is not encrypted: the profile says so.")
A = TypeVar("A")
Send = Callable[[Connection], Awaitable[Sequence[A]]]


class WiredCache(Cache):
    """The node at one address. It connects when it is first asked, and anew after each connection that was lost."""

    def __init__(
        self, target: Target, secret: Secret, threads: Threads, clock: Callable[[], float], *, budget: float = BUDGET
    ) -> None:
        """``clock``: seconds that never go back."""
        self.target = target
        self._threads, self._clock = threads, clock
        self._key = Key(secret, clock)
        self._turn = asyncio.Lock()
        self._connection: Connection | None = None
        self._user = ""
        self._book = Book(budget)
        self.peer: str | None = None  # the address that answered last

    async def ask(self, question: Question) -> Fields:
        return dict(fields(await self._whole(question, lambda connection: connection.ask(question.sections))))

    async def read(self, question: Question) -> tuple[Reply, ...]:
        require_reading(question.commands)
        selects = any(words[0] == "SELECT" for words in question.commands)
        commands = (*question.commands, ("SELECT", "0")) if selects else question.commands  # who asks next means 0
        replies = await self._whole(question, lambda connection: connection.do(commands))
        return tuple(replies[: len(question.commands)])

    async def _whole(self, question: Question, send: Send[A]) -> Sequence[A]:
        self._afford(question)
        async with self._turn:
            if self._connection is None:
                await self._connect()
            began = self._clock()
            answer: Sequence[A] | None = None
            try:
                answer = await self._sent(question, send)
            finally:
                seconds = min(self._clock() - began, question.within.total_seconds())
                self._book.note(question.name, self._clock(), seconds, len(answer or ()), failed=answer is None)
            return answer

    def refresh(self) -> None:
        """Somebody asks for another try: a login that was refused may be tried again."""
        self._key.refresh()

    @property
    def load(self) -> Load:
        return Load(
            questions=self._book.spent,
            connections=0 if self._connection is None else 1,
            most_connections=1,
            driver=_DRIVER,
            warning=NO_TEXT if self.target.tls else _UNENCRYPTED,
        )

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    def _afford(self, question: Question) -> None:
        wait = self._book.wait(question.name, self._clock())
        if wait > timedelta(0):
            what = f"{sanitise(question.name)} has had its {self._book.budget:.0%} of the time of {self.target}."
            mend = f"It is asked again in {wait.total_seconds():.0f} s; `query_budget` in the profile allows more."
            raise Throttled(what, mend=mend)

    async def _sent(self, question: Question, send: Send[A]) -> Sequence[A]:
        """A connection whose answer was not read to its end is closed: the next would read the rest of it."""
        connection, within = self._connection, question.within.total_seconds()
        if connection is None:
            raise AssertionError("asked without a connection")
        kept = False
        try:
            async with asyncio.timeout(within):
                answers = await send(connection)
            kept = True
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            found = told(error, About(str(self.target), self._user, question.grants[0], within))
            kept = not found.loses
            raise found.trouble from None
        finally:
            if not kept:
                await self.close()
        return answers

    async def _connect(self) -> None:
        """One attempt; a second only with a secret that has changed meanwhile."""
        refused = await self._opened(await self._key.credentials())
        if refused is None:
            return
        refused = await self._opened(await self._key.after(refused))
        if refused is not None:
            self._key.refuse(refused)
            raise refused

    async def _opened(self, credentials: Credentials) -> CannotCollect | None:
        """The server's refusal of these credentials, if that is what it says; every other trouble is raised."""
        found = await self._open(credentials)
        if found is None:
            return None
        if found.refuses:
            return found.trouble
        raise found.trouble

    async def _open(self, credentials: Credentials) -> Told | None:
        seconds = self.target.login_s
        try:
            async with asyncio.timeout(seconds):
                self._connection = await Connection.open(self.target, credentials, self._threads)
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            return told(
                error, About(str(self.target), credentials.user, seconds=seconds, is_login=True, tls=self.target.tls)
            )
        self.peer, self._user = self._connection.peer, credentials.user
        return None
