"""The way to a SQL Server as whoever may throw its plans out: one connection, one statement, one attempt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect, Denied
from collectors.safe import Safe, sanitise
from collectors.sqlserver.asking import Question
from collectors.sqlserver.wire import driver as drivers
from collectors.sqlserver.wire.connection import Connection
from collectors.sqlserver.wire.errors import About, told
from collectors.sqlserver.wire.reach import reach
from collectors.sqlserver.wire.target import Target
from collectors.threads import Threads
from console.actions.answer import Answer
from console.actions.flushes.plan_answers import answered
from console.actions.flushes.plan_proof import SAME
from console.actions.flushes.plan_questions import HERE, Here
from console.actions.flushes.plan_text import entering, statement
from console.actions.flushes.scope import Scope, scope
from console.actions.hands import Narrowed, Way
from console.actions.life import State
from console.actions.line import Hear, Line
from console.actions.plan import Plan

SEND_S = 60.0  # a large cache takes its time
PATIENCE = 2  # times as long until a driver that does not come back is left behind
ENTER_S = 10.0
SERVER_GRANT, DATABASE_GRANT = "ALTER SERVER STATE", "ALTER ANY DATABASE SCOPED CONFIGURATION"


class PlanLine(Line):
    """It is opened as whoever flushes, and asks on that very connection which server it is and what it may do."""

    def __init__(
        self, way: Way[Target], narrowed: Narrowed, plan: Plan, threads: Threads, *, send_s: float = SEND_S
    ) -> None:
        self.whose = way.whose
        self._send_s = send_s
        self._way, self._narrowed, self._plan, self._threads = way, narrowed, plan, threads
        self._wanted = scope(plan.target.scope)
        self._target = replace(way.target, read_only=False, database="master")
        self._connection: Connection | None = None
        self._is_busy = self._is_closed = False

    async def open(self) -> None:
        credentials = await self._way.log_in(self._narrowed)
        seconds = 3 * self._target.login_s + ENTER_S
        try:
            async with asyncio.timeout(seconds):
                await self._threads.call(str(self._target), partial(self._enter, credentials))
        except TimeoutError:
            what = f"{self._target} lets nobody in: given up after {seconds:g} s. Nothing was sent."
            raise CannotCollect(what, mend="Look at how busy it is.") from None

    async def send(self, plan: Plan, hear: Hear, stop: asyncio.Event) -> Answer:
        if self._connection is None:
            return Answer(State.REJECTED, Safe("Nothing left this machine: there is no connection."))
        try:
            async with asyncio.timeout(PATIENCE * self._send_s):
                return await self._threads.call(str(self._target), partial(self._send, self._connection))
        except TimeoutError:
            said = f"It was sent, and no answer came within {PATIENCE * self._send_s:g} s."
            return Answer(State.UNKNOWN, sanitise(said))
        except CannotCollect as trouble:  # no thread was free for it
            return Answer(State.REJECTED, sanitise(f"Nothing left this machine: {trouble.what}"))

    async def close(self) -> None:
        """What a thread is still busy with, it closes itself when it comes back."""
        self._is_closed = True
        if not self._is_busy:
            await asyncio.to_thread(self._drop)

    def _enter(self, credentials: Credentials) -> None:
        """In a thread."""
        about = About(str(self._target), credentials.user, seconds=self._target.login_s, is_login=True)
        self._is_busy = True
        try:
            driver = drivers.choose(drivers.manager().drivers(), self._way.driver)
            reach(self._target, self._target.login_s)
            connection = self._connection = Connection.open(driver, self._target, credentials)
            about = replace(about, is_login=False, seconds=ENTER_S, version=connection.version)
            if self._wanted.database:
                about = replace(about, database=self._wanted.database)
                connection.ask(_question("flush_enter", entering(self._wanted.database), ENTER_S), ())
            require(_here(connection), self._wanted, dict(self._plan.expected), sanitise(credentials.user))
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            self._drop()
            raise told(error, about).trouble from None
        finally:
            self._back()

    def _send(self, connection: Connection) -> Answer:
        """In a thread."""
        self._is_busy = True
        try:
            connection.ask(_question("flush", statement(self._wanted), self._send_s), ())
        except Exception as error:  # noqa: BLE001 - whatever it was, it is said what it means
            return answered(error, About(str(self._target), version=connection.version, seconds=self._send_s))
        finally:
            self._back()
        return Answer(State.ACCEPTED, Safe("The server has done it."))

    def _back(self) -> None:
        self._is_busy = False
        if self._is_closed:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def require(told_: Here, wanted: Scope, expected: Mapping[str, str], user: Safe) -> None:
    """The server that the plan is of, the database, and the grant: else nothing is sent."""
    facts = told_.facts()
    other = [name for name in SAME if facts[name] != expected.get(name)]
    if other:
        seen = "; ".join(f"{name} was {expected.get(name)}, is {facts[name]}" for name in other)
        raise CannotCollect("Another server answers than the one that was looked at. Nothing was sent.", seen=seen,
                            mend="It has failed over or was restarted: ask for it anew.")  # fmt: skip
    if wanted.database and told_.database_name != wanted.database:
        seen = f"the connection is in {told_.database_name}"
        raise CannotCollect(f"The database {wanted.database} was not entered. Nothing was sent.", seen=seen)
    grant = DATABASE_GRANT if wanted.database else SERVER_GRANT
    if not (told_.may_database if wanted.database else told_.may_server):
        what = f"{user} may not throw plans out: it lacks {grant}. Nothing was sent."
        mend = f"Grant {grant} to {user}: `dbconsole policy admin --sql` writes it."
        raise Denied(what, grant=grant, seen="HAS_PERMS_BY_NAME gives 0", mend=mend)


def _here(connection: Connection) -> Here:
    (rows,) = connection.ask(HERE, ())
    found = rows.as_(Here)
    if len(found) != 1:
        raise CannotCollect("The server tells nothing of itself. Nothing was sent.", seen=f"{len(found)} rows")
    return found[0]


def _question(name: str, text: str, seconds: float) -> Question:
    return Question(name, text, (), timedelta(seconds=seconds))
