"""Is a server's port open? It listens while the model has its door not dark, and drops everybody when it goes dark."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from collectors.knock.knock import Door
from console.demo.tds.serve import listener
from console.demo.tds.session import House

log = logging.getLogger(__name__)

LOOKED_S = 0.05
SHUT = (Door.DARK, Door.RECOVERING)


class Doorway:
    """One server; its port is the same each time. ``opened`` is called when somebody may log in again."""

    def __init__(self, house: House, door: Callable[[], Door], opened: Callable[[], None]) -> None:
        self._house, self._door, self._opened = house, door, opened
        self._listening: AsyncExitStack | None = None
        self._before = Door.OPEN
        self.port = 0

    async def begin(self) -> None:
        """Whatever its door is: the port has to be known."""
        await self._listen()

    async def look(self) -> None:
        door, before = self._door(), self._before
        self._before = door
        if door is Door.DARK:
            await self.end()
        elif self._listening is None:
            await self._listen()
        if before in SHUT and door not in SHUT:
            self._opened()

    async def end(self) -> None:
        listening, self._listening = self._listening, None
        if listening is not None:
            await listening.aclose()

    async def _listen(self) -> None:
        stack = AsyncExitStack()
        self.port = await stack.enter_async_context(listener(self._house, self.port))
        self._listening = stack


async def keep(doorways: Sequence[Doorway]) -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(LOOKED_S)
        for doorway in doorways:
            try:
                await doorway.look()
            except OSError as error:  # somebody else has its port: it is tried again
                log.warning("a server of the demo cannot listen: %s", error)
