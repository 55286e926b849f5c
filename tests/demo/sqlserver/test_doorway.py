"""Over the wire a server's door is as the model has it: shut while it is dark, 18456 while it recovers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from collectors.errors import CannotCollect
from collectors.knock.knock import Door
from collectors.sqlserver.waits.collector import WaitStats
from collectors.threads import Threads
from console.demo import lifecycle
from console.demo.course import Course
from console.demo.model import Model
from console.demo.sqlserver.node import node
from console.demo.sqlserver.server import ModelServers
from console.demo.sqlserver.wire import WireServers
from console.demo.turns import Turn
from console.demo.ways import Ways
from tests.demo.sqlserver.asking import CUSTOMERS, ORDERS, REPLICA, START, model
from tests.rig.tds import FREETDS, driver

LONGEST_S = 10.0


class Stage:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.model: Model = model()
        self.t = START
        self.turn = Turn(START, ORDERS, "RebootDBInstance", self._course())
        self.model.take([self.turn])

    def _course(self) -> Course:
        return lifecycle.failover(self.model.machines[ORDERS], START, Ways(dark_s=20, recovery_s=20, read_only_s=5))

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.t, UTC)

    def when(self, door: Door | None) -> None:
        """Into the middle of that door."""
        at = self.turn.opens(ORDERS) if door is None else self.turn.door(ORDERS, door)
        self.t = (at or 0.0) + 2.0


@asynccontextmanager
async def wired(stage: Stage) -> AsyncIterator[WireServers]:
    servers = WireServers(ModelServers(stage.model, stage.now), Threads(), driver(FREETDS).named)
    await servers.begin()
    try:
        yield servers
    finally:
        await servers.end()


async def listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    await closed(writer)
    return True


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def until(port: int, *, is_open: bool) -> None:
    async with asyncio.timeout(LONGEST_S):
        while True:
            if await listens(port) is is_open:
                return


async def test_a_server_goes_dark_recovers_and_lets_in_again_on_the_same_port() -> None:
    stage = Stage()
    async with wired(stage) as servers:
        waits, port = WaitStats(servers, stage.now), servers.of(ORDERS).target.port
        assert [reading async for reading in waits.collect(ORDERS)]
        stage.when(Door.DARK)
        await until(port, is_open=False)
        assert await listens(servers.of(CUSTOMERS).target.port)
        with pytest.raises(CannotCollect):
            [_ async for _ in waits.collect(ORDERS)]
        stage.when(Door.RECOVERING)
        await until(port, is_open=True)
        with pytest.raises(CannotCollect) as refused:
            [_ async for _ in waits.collect(ORDERS)]
        assert "18456" in refused.value.seen
        stage.when(None)
        async with asyncio.timeout(LONGEST_S):
            while True:
                if readings := await answered(waits):
                    break
                await asyncio.sleep(0.01)
    assert node(stage.model, ORDERS, stage.t).name != node(stage.model, ORDERS, START).name
    assert readings


async def answered(waits: WaitStats) -> list[object]:
    try:
        return [reading async for reading in waits.collect(ORDERS)]
    except CannotCollect:
        return []


async def test_the_console_s_own_knocker_finds_each_door_and_the_other_node() -> None:
    stage = Stage()
    async with wired(stage) as servers:
        knocker = servers.knocker(ORDERS)
        assert knocker is not None
        port = servers.of(ORDERS).target.port
        assert str(knocker.endpoint) == f"127.0.0.1:{port}"
        before = await knocker.knock()
        seen = [before.door]
        for door, is_open in ((Door.DARK, False), (Door.RECOVERING, True), (Door.READ_ONLY, True), (None, True)):
            stage.when(door)
            await until(port, is_open=is_open)
            last = await knocker.knock()
            seen.append(last.door)
            assert last.may_log_in is {Door.DARK: None, Door.RECOVERING: False}.get(last.door, True)
        assert seen == [Door.OPEN, Door.DARK, Door.RECOVERING, Door.READ_ONLY, Door.OPEN]
        assert (before.node, last.node) == tuple(node(stage.model, ORDERS, t).name for t in (START, stage.t))
        replica = servers.knocker(REPLICA)
        assert replica is not None
        assert (await replica.knock()).door is Door.READ_ONLY


async def test_a_connection_that_was_there_is_reset_when_it_goes_dark() -> None:
    stage = Stage()
    async with wired(stage) as servers:
        reader, writer = await asyncio.open_connection("127.0.0.1", servers.of(ORDERS).target.port)
        stage.when(Door.DARK)
        async with asyncio.timeout(LONGEST_S):
            with pytest.raises(ConnectionResetError):
                await reader.readexactly(1)
        await closed(writer)
