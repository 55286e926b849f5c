"""How many connections has one server of us, and which is free? A thread that hangs keeps its place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from collectors.errors import CannotCollect
from collectors.sqlserver.wire.connection import Connection


class Place:
    """Room for one connection. While a thread is in it the connection is that thread's, else the loop's."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.is_stale = False  # the line to the server broke since it was made
        self.is_busy = False  # a thread is in it
        self.is_awaited = False  # somebody holds it

    def drop(self) -> None:
        """Blocks, as closing may."""
        connection, self.connection, self.is_stale = self.connection, None, False
        if connection is not None:
            connection.close()


class Places:
    """At most so many. For one loop, and one statement at a time in each."""

    def __init__(self, most: int) -> None:
        self._all = tuple(Place() for _ in range(most))
        self._free = asyncio.Semaphore(most)

    @asynccontextmanager
    async def one(self, seconds: float, server: str) -> AsyncIterator[Place]:
        """Whoever leaves it while a thread is in it leaves it to the thread: see `returned`."""
        try:
            async with asyncio.timeout(seconds):
                await self._free.acquire()
        except TimeoutError:
            raise self._none_free(seconds, server) from None
        free = [place for place in self._all if not place.is_awaited and not place.is_busy]
        place = max(free, key=lambda each: each.connection is not None and not each.is_stale)
        place.is_awaited = True
        try:
            yield place
        finally:
            place.is_awaited = False
            if not place.is_busy:
                self._free.release()

    def returned(self, place: Place) -> None:
        """The thread in it has come back."""
        place.is_busy = False
        if not place.is_awaited:
            self._free.release()

    def spoil(self) -> None:
        """The line broke: what else was connected then is not to be trusted."""
        for place in self._all:
            place.is_stale = place.connection is not None

    @property
    def idle(self) -> list[Place]:
        return [place for place in self._all if place.connection and not place.is_awaited and not place.is_busy]

    @property
    def open(self) -> int:
        """Connections that there are, or that there may be: whoever hangs may have one."""
        return sum(place.connection is not None or place.is_busy for place in self._all)

    @property
    def hanging(self) -> int:
        return sum(place.is_busy and not place.is_awaited for place in self._all)

    def _none_free(self, seconds: float, server: str) -> CannotCollect:
        what = f"No connection to {server} was free within {seconds:g} s."
        seen = f"{self.hanging} of {len(self._all)} hang" if self.hanging else ""
        return CannotCollect(what, seen=seen, mend="Allow more `connections` in the profile, or ask less often.")
