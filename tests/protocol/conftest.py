"""The links that the suite runs over: whatever carries messages is to pass the same tests."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from console.protocol import memory
from console.protocol.link import Link
from console.protocol.sockets import SocketLink, connect, listen

T = TypeVar("T")

Pair = tuple[Link, Link]  # the engine's end and the client's
MakePair = Callable[[], Awaitable[Pair]]


@asynccontextmanager
async def memory_pairs(directory: Path) -> AsyncIterator[MakePair]:
    made: list[Link] = []

    async def make() -> Pair:
        made.extend(pair := memory.pair())
        return pair

    yield make
    for link in made:
        await link.close()


@asynccontextmanager
async def socket_pairs(directory: Path) -> AsyncIterator[MakePair]:
    accepted: asyncio.Queue[SocketLink] = asyncio.Queue()
    over = asyncio.Event()
    made: list[Link] = []

    async def on_link(link: SocketLink) -> None:
        accepted.put_nowait(link)
        await over.wait()

    async def make() -> Pair:
        client = await connect(directory / "s")
        engine = await accepted.get()
        made.extend((engine, client))
        return engine, client

    server = await listen(directory / "s", 0o600, on_link)
    yield make
    over.set()
    for link in made:
        await link.close()
    server.close()
    await server.wait_closed()


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory whose name leaves room for a socket's."""
    with tempfile.TemporaryDirectory(prefix="dbc-") as name:
        yield Path(name)


@pytest.fixture(params=[memory_pairs, socket_pairs], ids=["memory", "socket"])
async def pairs(request: pytest.FixtureRequest, short_path: Path) -> AsyncIterator[MakePair]:
    kind: Callable[[Path], AbstractAsyncContextManager[MakePair]] = request.param
    async with kind(short_path) as make:
        yield make


async def within(awaited: Awaitable[T], seconds: float = 10.0) -> T:
    """The result, or a failure: no test waits for ever."""
    async with asyncio.timeout(seconds):
        return await awaited


async def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Let the loop go on until it is so."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is waited for is a figure, which announces nothing
            await asyncio.sleep(0.002)
