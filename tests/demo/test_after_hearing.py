"""What is looked at for an action waits until the process knows what was done before it began."""

from __future__ import annotations

import asyncio

import pytest

from collectors.errors import CannotCollect
from collectors.sqlserver.platform import PLATFORM
from console.demo.flushes import Flush
from console.demo.hands import HeardServer
from console.demo.hearing import Hearing
from console.demo.model import Model
from console.demo.reporting import Reports
from console.demo.sqlserver.server import ModelServers
from tests.demo.sqlserver.asking import ORDERS, model
from tests.rig.emulated import START, emulated


def played() -> Model:
    return model(start=START.timestamp())


async def test_a_process_that_comes_later_answers_with_what_was_flushed_before() -> None:
    with emulated("admin", speed=0.0) as world:
        of = played()
        told = await Reports(of, world.endpoint, lambda: START).flushed(ORDERS, "FREEPROCCACHE")
        later = played()
        hearing = Hearing(later, world.endpoint)
        asking = asyncio.ensure_future(
            HeardServer(ModelServers(later, lambda: START).of(ORDERS), hearing.first).ask(PLATFORM)
        )
        hearing.begin()
        await asking
        try:
            assert later.flushes.of(ORDERS) == [Flush(told.id, told.at, ORDERS, "FREEPROCCACHE")]
        finally:
            await hearing.end()


async def test_an_emulator_that_says_nothing_is_no_answer() -> None:
    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            writer.close()

    mute = await asyncio.start_server(silent, "127.0.0.1", 0)
    hearing = Hearing(played(), f"http://127.0.0.1:{mute.sockets[0].getsockname()[1]}")
    hearing.begin()
    try:
        with pytest.raises(CannotCollect, match="has not told yet"):
            await hearing.first()
    finally:
        await hearing.end()
        mute.close()
