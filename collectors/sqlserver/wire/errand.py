"""A thread is sent into a place: what if whoever sent it cannot wait until it is back?"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from enum import Enum, auto
from typing import Generic, TypeVar

from collectors.errors import CannotCollect
from collectors.sqlserver.wire.connection import Connection
from collectors.sqlserver.wire.places import Place, Places
from collectors.threads import Threads

T = TypeVar("T")
STOPPING_S = 5.0


class Thread(Enum):
    """Where it is."""

    NEVER_IN = auto()
    IN = auto()
    BACK = auto()


class Errands:
    """Those of one server. Who gives one up goes on at once; the thread tidies the place when it comes back."""

    def __init__(self, name: str, threads: Threads, places: Places) -> None:
        self._name, self._threads, self._places = name, threads, places
        self._stopping: set[asyncio.Task[None]] = set()

    async def run(self, place: Place, work: Callable[[], T], seconds: float) -> T:
        """What it returns or raises; `TimeoutError` when it is not back in time. It is asked to stop first."""
        errand = _Errand(place, work, asyncio.get_running_loop(), self._places)
        place.is_busy = True
        try:
            async with asyncio.timeout(seconds):
                return await self._threads.call(self._name, errand)
        finally:
            where = errand.give_up()
            if where is Thread.NEVER_IN:
                place.is_busy = False
            elif where is Thread.IN and place.connection is not None:
                self._stop(place.connection)

    async def _stopped(self, connection: Connection) -> None:
        with contextlib.suppress(Exception):  # politeness: that it hangs is known already
            async with asyncio.timeout(STOPPING_S):
                await self._threads.call(f"{self._name}, to stop it", connection.cancel, rank=0)

    def _stop(self, connection: Connection) -> None:
        task = asyncio.get_running_loop().create_task(self._stopped(connection))
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)


class _Errand(Generic[T]):
    """What the thread does. Its state changes under the lock alone: it may be given up just when it begins or ends."""

    def __init__(self, place: Place, work: Callable[[], T], loop: asyncio.AbstractEventLoop, places: Places) -> None:
        self._place, self._work, self._loop, self._places = place, work, loop, places
        self._lock = threading.Lock()
        self._begun = self._ended = self._given_up = False

    def __call__(self) -> T:
        if self._begin():
            raise CannotCollect("It was given up before it began.")  # to nobody
        try:
            return self._work()
        finally:
            if self._end():
                self._place.drop()  # in what state it is nobody has seen
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody needs the place any more
                self._loop.call_soon_threadsafe(self._places.returned, self._place)

    def _begin(self) -> bool:
        with self._lock:
            self._begun = not self._given_up
            return self._given_up

    def _end(self) -> bool:
        with self._lock:
            self._ended = True
            return self._given_up

    def give_up(self) -> Thread:
        """Of no consequence where the thread is back. Where it never was in the place, it never will be."""
        with self._lock:
            self._given_up = not self._ended
            if not self._begun:
                return Thread.NEVER_IN
            return Thread.BACK if self._ended else Thread.IN
