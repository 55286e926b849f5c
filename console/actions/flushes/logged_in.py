"""Logged in to every primary of a plan as whoever flushes, and sure on that very connection who each of them is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from collectors.errors import Trouble
from collectors.redis.wire.connection import Connection
from collectors.redis.wire.errors import About, told
from collectors.redis.wire.fields import fields
from collectors.redis.wire.target import NAME, Target
from collectors.safe import Safe, sanitise
from collectors.threads import Threads
from console.actions.flushes.expected import Expected
from console.actions.hands import Narrowed, Way
from console.actions.line import Line
from console.actions.surroundings import Keys

T = TypeVar("T")
WHO = ("server", "replication", "commandstats")
REPLY_S = 5.0  # for one reply, whatever it is to


@dataclass(frozen=True, slots=True)
class Primary:
    """As the plan has it, and how one gets there."""

    expected: Expected
    way: Way[Target]


def named(op: str) -> str:
    """As CLIENT LIST shows the connection of one operation: while it is there, its console is at it."""
    return f"{NAME}-{op}"


@dataclass(frozen=True, slots=True)
class Entry:
    """Of one operation. ``database``: that is selected on each connection, empty for all."""

    op: str
    primaries: tuple[Primary, ...]
    narrowed: Narrowed
    threads: Threads
    database: str


class LoggedIn(Line):
    """`open` asks nothing of a node that changes anything; a node that is another than in the plan is a `Trouble`."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._narrowed = _once(entry.narrowed)
        self._connections: dict[str, Connection] = {}  # by shard
        users = list(dict.fromkeys(primary.way.whose for primary in entry.primaries))
        more = f"; so at {len(users) - 1} other primaries" if len(users) > 1 else ""
        self.whose: Safe = sanitise(f"{users[0] if users else 'nobody'}{more}")

    async def open(self) -> None:
        for primary in self._entry.primaries:
            connection = await self._entered(primary)
            self._connections[primary.expected.shard] = connection
            info = await self._asked(primary, connection.ask(WHO))
            if doubt := primary.expected.differs(dict(fields(info))):
                raise Trouble("The node is not as you confirmed it. Nothing was sent.", seen=doubt, mend="Ask anew.")
            await self._asked(primary, self._select(connection))

    async def _select(self, connection: Connection) -> None:
        """Before anything is sent: had the same journey both, a refused SELECT would flush another database."""
        database = self._entry.database
        if database in ("", "0"):
            return
        (answer,) = await connection.each([("SELECT", database)])
        if isinstance(answer, Exception):
            what, seen = f"Database {database} cannot be selected. Nothing was sent.", sanitise(str(answer), 200)
            raise Trouble(what, seen=seen, mend="The user that flushes needs +select, and the database must be there.")

    async def close(self) -> None:
        connections, self._connections = self._connections, {}
        await asyncio.gather(*(connection.close() for connection in connections.values()))

    async def _entered(self, primary: Primary) -> Connection:
        target = primary.way.target
        credentials = await primary.way.log_in(self._narrowed)
        about = About(str(target), credentials.user, seconds=target.login_s, is_login=True, tls=target.tls)
        try:
            async with asyncio.timeout(target.login_s):
                return await Connection.open(target, credentials, self._entry.threads, name=named(self._entry.op))
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            raise told(error, about).trouble from None

    async def _asked(self, primary: Primary, reply: Awaitable[T]) -> T:
        about = About(str(primary.way.target), "the user that flushes", "+info +select", REPLY_S)
        try:
            async with asyncio.timeout(REPLY_S):
                return await reply
        except Trouble:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            raise told(error, about).trouble from None


def refusal(error: Exception, name: str, command: str) -> str:
    """In one line, what a server's error means to whoever asked for a flush."""
    said = str(error)
    code = type(error).__name__
    if "NoPermission" in code:
        grant = f"+{command.split(maxsplit=1)[0].lower()}"
        return f"{name}: the user that flushes may not ({said[:120]}). Let an administrator grant {grant}."
    if "ReadOnly" in code:
        return f"{name} is no primary any more, and refused it."
    if "unknown command" in said:
        return f"{name} knows no {command}: it was renamed or taken away there."
    return f"{name} refused it: {said[:200]}"


def _once(narrowed: Narrowed) -> Narrowed:
    """For the same grants on the same ARNs the role is taken once, however many nodes there are."""
    held: dict[tuple[tuple[str, ...], tuple[str, ...]], Keys] = {}

    async def get(grants: tuple[str, ...], arns: tuple[str, ...]) -> Keys:
        if (grants, arns) not in held:
            held[grants, arns] = await narrowed(grants, arns)
        return held[grants, arns]

    return get
