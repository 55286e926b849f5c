"""What is asked of the emulator by one console is true in the process of every other, at once; and outlives a kill."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from collectors.knock.knock import Door
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.demo.hearing import Hearing
from console.demo.knocking import ModelKnocker
from console.demo.model import Model
from console.demo.played import model_of
from console.demo.told import HEADER
from tests.rig.emulated import START, Emulated, emulated

ORDERS, FIRST = ResourceId(Safe("orders-primary")), ResourceId(Safe("sessions-001"))
LONGEST_S = 20.0


def reboot(world: Emulated, name: str = "orders-primary") -> None:
    rds = world.client("rds", "dbconsole-admin")
    rds.reboot_db_instance(DBInstanceIdentifier=name, ForceFailover=True)


def model(world: Emulated) -> Model:
    return model_of(world.play.scenario, seed=world.play.seed, size=world.play.size, start=world.play.start)


@asynccontextmanager
async def hearing(world: Emulated, heard: Model) -> AsyncIterator[Hearing]:
    found = Hearing(heard, world.endpoint)
    found.begin()
    try:
        yield found
    finally:
        await found.end()


async def until(heard: Model, count: int) -> float:
    """So many turns; how long it took."""
    began = time.monotonic()
    async with asyncio.timeout(LONGEST_S):
        while True:
            if len(heard.turns.all) == count:
                return time.monotonic() - began
            await asyncio.sleep(0.001)


def doors(world: Emulated, now: datetime | None = None) -> list[dict[str, Any]]:
    headers = {} if now is None else {HEADER: str(_ms(now))}
    answer = httpx.get(f"{world.endpoint}/_demo/doors", headers=headers, timeout=10)
    found: list[dict[str, Any]] = answer.json()["turns"]
    return found


async def test_another_process_hears_of_a_turn_at_once() -> None:
    with emulated("admin") as world:
        one, two = model(world), model(world)
        async with hearing(world, one), hearing(world, two):
            await asyncio.to_thread(reboot, world)
            took = [await until(each, 1) for each in (one, two)]
            assert max(took) < 0.5  # a tenth of a second, and what a busy machine takes
            (turn,) = one.turns.all
            assert (turn.about, turn.operation) == (ORDERS, "RebootDBInstance")
            assert two.turns.all == one.turns.all
            await asyncio.to_thread(reboot, world, "customers")
            await until(one, 2)


async def test_the_doors_that_are_told_are_those_that_are_knocked_at() -> None:
    with emulated("admin") as world:
        heard = model(world)
        async with hearing(world, heard):
            cache = world.client("elasticache", "dbconsole-admin")
            await asyncio.to_thread(reboot, world)
            await asyncio.to_thread(cache.test_failover, ReplicationGroupId="sessions", NodeGroupId="0001")
            await until(heard, 2)
        told = await asyncio.to_thread(doors, world)
    assert [(each["resource"], each["endpoint"]) for each in told] == [(ORDERS, ORDERS), (FIRST, "sessions")]
    for each in told:
        about = ResourceId(Safe(each["resource"]))
        for name, door in (("dark_from", Door.DARK), ("recovering_from", Door.RECOVERING), ("open_from", Door.OPEN)):
            if each[name] is not None:
                assert await knocked(heard, about, each[name] - 1) is not door
                assert await knocked(heard, about, each[name] + 1) is door
        assert each["begun"] <= each["dark_from"] < each["open_from"]
        assert each["by_itself"] is False


async def knocked(heard: Model, about: ResourceId, ms: int) -> Door:
    return (await ModelKnocker(heard, about, lambda: datetime.fromtimestamp(ms / 1000, UTC)).knock()).door


async def test_an_unplanned_one_is_told_once_it_has_begun() -> None:
    with emulated("admin", scenario="failover-and-back", start=START) as world:
        assert await asyncio.to_thread(doors, world) == []
        later = START + timedelta(seconds=60)
        (told,) = await asyncio.to_thread(doors, world, later)
    assert (told["resource"], told["by_itself"], told["dark_from"]) == (ORDERS, True, _ms(later))
    assert told["open_from"] - told["dark_from"] == 75_000


def _ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)


async def test_a_killed_emulator_that_keeps_a_ledger_has_forgotten_no_turn_and_one_without_has_all(
    tmp_path: Path,
) -> None:
    for ledger, kept in ((tmp_path / "emulator.ledger", 1), (None, 0)):
        with emulated("admin", ledger=ledger) as world:
            heard = model(world)
            supervising = asyncio.create_task(world.emulator.supervise())
            async with hearing(world, heard):
                await asyncio.to_thread(reboot, world)
                await until(heard, 1)
                before = heard.turns.all
                world.kill()
                if kept == 0:
                    await until(heard, 0)
                else:
                    await asyncio.to_thread(reboot, world, "customers")
                    await until(heard, 2)
                    assert heard.turns.all[0] == before[0]
            supervising.cancel()
            await asyncio.wait([supervising])
