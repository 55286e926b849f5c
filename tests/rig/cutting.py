"""A line to a server that is cut at one command: before it is passed on, or after the server has answered it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto


class Cut(Enum):
    NEVER = auto()
    BEFORE = auto()  # it never reaches the server
    AFTER = auto()  # the server has done it, and its answer reaches nobody


@dataclass
class Cutting:
    """``at``: the command as it stands in the bytes. It cuts that once, and lets all else pass, before and after."""

    to: int
    port: int = 0
    at: bytes = b""
    cut: Cut = Cut.NEVER
    after: int = 0  # so many of these commands pass first

    def arm(self, at: bytes, cut: Cut, after: int = 0) -> None:
        self.at, self.cut, self.after = at, cut, after

    def _is_now(self, data: bytes) -> bool:
        if self.cut is Cut.NEVER or self.at not in data:
            return False
        self.after -= 1
        return self.after < 0

    async def carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, to = await asyncio.open_connection("127.0.0.1", self.to)
        replies = asyncio.create_task(_pass(far, back))
        try:
            while data := await near.read(65536):
                if self._is_now(data):
                    cut, self.cut = self.cut, Cut.NEVER
                    if cut is Cut.AFTER:
                        replies.cancel()
                        with contextlib.suppress(asyncio.CancelledError):
                            await replies
                        to.write(data)
                        await far.read(65536)
                    return
                to.write(data)
        except OSError:
            return
        finally:
            replies.cancel()
            for end in (to, back):
                end.close()


async def _pass(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            to.write(data)
    to.close()


@asynccontextmanager
async def cutting(to: int) -> AsyncIterator[Cutting]:
    made = Cutting(to)
    server = await asyncio.start_server(made.carry, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
