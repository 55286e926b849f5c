"""A link inside one process: for a one-shot command, where engine and client live together."""

from __future__ import annotations

import asyncio
from collections import deque

from console.protocol import frames
from console.protocol.link import Link, LinkClosed

ROOM = 8  # frames under way; then the sender waits, as on a socket


class _Pipe:
    """One direction."""

    def __init__(self) -> None:
        self.frames: deque[tuple[str, bytes]] = deque()
        self.closed = False
        self.changed = asyncio.Condition()

    async def close(self) -> None:
        async with self.changed:
            self.closed = True
            self.changed.notify_all()


class MemoryLink(Link):
    def __init__(self, incoming: _Pipe, outgoing: _Pipe) -> None:
        self._in = incoming
        self._out = outgoing

    async def send(self, topic: str, payload: bytes) -> None:
        frames.check(len(topic.encode()), len(payload))
        pipe = self._out
        async with pipe.changed:
            await pipe.changed.wait_for(lambda: pipe.closed or len(pipe.frames) < ROOM)
            if pipe.closed:
                raise LinkClosed("The link is closed.")
            pipe.frames.append((topic, payload))
            pipe.changed.notify_all()

    async def receive(self) -> tuple[str, bytes]:
        pipe = self._in
        async with pipe.changed:
            await pipe.changed.wait_for(lambda: pipe.closed or bool(pipe.frames))
            if not pipe.frames:
                raise LinkClosed("The link is closed.")
            frame = pipe.frames.popleft()
            pipe.changed.notify_all()
            return frame

    async def close(self) -> None:
        await self._in.close()
        await self._out.close()


def pair() -> tuple[MemoryLink, MemoryLink]:
    """The two ends of one link."""
    here, there = _Pipe(), _Pipe()
    return MemoryLink(here, there), MemoryLink(there, here)
