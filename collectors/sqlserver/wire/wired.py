"""A SQL Server that is asked over the wire: few connections, one statement at a time in each, and an end to waiting."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from collectors.database.credentials import Credentials
from collectors.database.key import Key
from collectors.database.load import BUDGET, Book, Load
from collectors.database.rows import Rows
from collectors.database.secret import Secret
from collectors.errors import CannotCollect, Throttled
from collectors.safe import NO_TEXT, sanitise
from collectors.sqlserver.asking import Question, Server
from collectors.sqlserver.forbidden import check
from collectors.sqlserver.wire import driver as drivers
from collectors.sqlserver.wire.connection import Connection
from collectors.sqlserver.wire.driver import Driver
from collectors.sqlserver.wire.errand import Errands
from collectors.sqlserver.wire.errors import About, Told, told
from collectors.sqlserver.wire.places import Place, Places
from collectors.sqlserver.wire.reach import reach
from collectors.sqlserver.wire.target import Target
from collectors.threads import Threads

CONNECTIONS = 2
PATIENCE = 4  # times the query time-out: a driver takes three to find that a frozen server does not stop either
_ENTERING = 3  # times the login time-out: to reach it, to log in, and a little


class Wired(Server):
    """The server at one address. It connects when it is first asked, and anew after each connection that was lost."""

    def __init__(
        self,
        target: Target,
        secret: Secret,
        threads: Threads,
        clock: Callable[[], float],
        *,
        driver: str = "",
        connections: int = CONNECTIONS,
        budget: float = BUDGET,
    ) -> None:
        """``clock``: seconds that never go back. ``driver``: a name or a path; empty: the best there is."""
        self.target = target
        self._clock = clock
        self._wanted = driver
        self._driver: Driver | None = None
        self._key = Key(secret, clock)
        self._door = asyncio.Lock()  # one login at a time: a wrong password is tried once, not by all at once
        self._most = connections
        self._places = Places(connections)
        self._errands = Errands(f"SQL Server {target}", threads, self._places)
        self._book = Book(budget)

    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        check(question.text)
        self._afford(question)
        within = question.within.total_seconds()
        async with self._places.one(PATIENCE * within, str(self.target)) as place:
            if place.connection is None or place.is_stale:
                await self._connect(place)
            began = self._clock()
            answer: tuple[Rows, ...] | None = None
            try:
                answer = await self._sent(place, question, arguments)
            finally:
                rows = sum(len(each.values) for each in answer or ())
                seconds = min(self._clock() - began, within)  # what is over that is no work of the server's
                self._book.note(question.name, self._clock(), seconds, rows, failed=answer is None)
            return answer

    def has_let_in(self, credentials: Credentials) -> bool:
        """Whether these are known to be right, whatever it says of them now."""
        return self._key.has_opened(credentials)

    def refresh(self) -> None:
        """Somebody asks for another try: a login that was refused may be tried again."""
        self._key.refresh()

    @property
    def load(self) -> Load:
        warning = drivers.warning(self._driver, self.target) if self._driver else NO_TEXT
        return Load(
            questions=self._book.spent,
            connections=self._places.open,
            most_connections=self._most,
            hanging=self._places.hanging,
            driver=sanitise(self._driver.named, 200) if self._driver else NO_TEXT,
            warning=warning,
        )

    async def close(self) -> None:
        """Of what is idle; what is under way ends with the process."""
        for place in self._places.idle:
            with contextlib.suppress(TimeoutError, CannotCollect):
                await self._errands.run(place, place.drop, self.target.login_s)

    def _afford(self, question: Question) -> None:
        wait = self._book.wait(question.name, self._clock())
        if wait > timedelta(0):
            what = f"{sanitise(question.name)} has had its {self._book.budget:.0%} of the time of {self.target}."
            mend = f"It is asked again in {wait.total_seconds():.0f} s; `query_budget` in the profile allows more."
            raise Throttled(what, mend=mend)

    async def _sent(self, place: Place, question: Question, arguments: tuple[str | int, ...]) -> tuple[Rows, ...]:
        within = question.within.total_seconds()
        about = About(
            str(self.target),
            database=self.target.database,
            grant=question.grants[0] if question.grants else "",
            seconds=within,
        )
        work = partial(_asked, place, question, arguments, about)
        try:
            found = await self._errands.run(place, work, PATIENCE * within)
        except TimeoutError:
            self._places.spoil()
            what = f"{self.target} neither answers nor stops when told to: given up after {PATIENCE * within:g} s."
            raise CannotCollect(what, mend="It is asked on a new connection, where one may be made.") from None
        if isinstance(found, Told):
            if found.loses:
                self._places.spoil()
            raise found.trouble
        return found

    async def _connect(self, place: Place) -> None:
        """One attempt; a second only with a secret that has changed meanwhile."""
        async with self._door:
            refused = await self._opened(place, await self._key.credentials())
            if refused is None:
                return
            refused = await self._opened(place, await self._key.after(refused))
            if refused is not None:
                self._key.refuse(refused)
                raise refused

    async def _opened(self, place: Place, credentials: Credentials) -> CannotCollect | None:
        """The server's refusal of these credentials, if that is what it says; every other trouble is raised."""
        seconds = _ENTERING * self.target.login_s
        try:
            found = await self._errands.run(place, partial(self._open, place, credentials), seconds)
        except TimeoutError:
            what = f"{self.target} takes the connection and lets nobody in: given up after {seconds:g} s."
            raise CannotCollect(what, mend="Look at how busy it is.") from None
        if found is None:
            self._key.opened(credentials)
            return None
        if found.refuses:
            return found.trouble
        raise found.trouble

    def _open(self, place: Place, credentials: Credentials) -> Told | None:
        """In a thread."""
        target = self.target
        about = About(str(target), credentials.user, target.database, seconds=target.login_s, is_login=True)
        try:
            place.drop()
            module = drivers.manager()
            driver = self._driver = drivers.choose(module.drivers(), self._wanted)
            reach(target, target.login_s)
            place.connection = Connection.open(driver, target, credentials)
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            return told(error, about)
        return None


def _asked(place: Place, question: Question, arguments: tuple[str | int, ...], about: About) -> tuple[Rows, ...] | Told:
    """In a thread. A connection in doubt is dropped before anybody else can have it."""
    connection = place.connection
    if connection is None:
        raise AssertionError("somebody sent a thread into an empty place")
    try:
        return connection.ask(question, arguments)
    except Exception as error:  # noqa: BLE001 - every one is told, in our words
        found = told(error, replace(about, version=connection.version))
    if found.loses:
        place.drop()
    return found
