"""A disk that is full locks actions within a second, and nothing else; when there is room they are free again."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from console.protocol.op import Offers
from tests.engine.acting.conftest import SPEED
from tests.rig.acting.console import Console, Person, past
from tests.rig.aws_proxy import AwsProxy
from tests.rig.emulated import emulated
from tests.rig.small_disk import as_root, fill, make_room, small_disk

WITHIN_S = 1.0
LOCKED = "The audit cannot be written"


@asynccontextmanager
async def console_on(disk: Path, folder: Path) -> AsyncIterator[tuple[Console, AwsProxy]]:
    """Its audit is there, its state elsewhere."""
    with emulated(speed=SPEED) as world, AwsProxy(world.endpoint) as proxy:
        console = Console(folder, world.joined(proxy.url), audit=disk / "audit", countdown_s=1.0)
        try:
            await asyncio.to_thread(console.start)
            yield console, proxy
        finally:
            console.kill()


def is_locked(offers: Offers) -> bool:
    return all(LOCKED in each.locked for each in offers.actions)


def is_free(offers: Offers) -> bool:
    return bool(offers.actions) and not any(each.locked for each in offers.actions if each.name == "snapshot")


async def ticks(person: Person) -> None:
    """The estate goes on: a value that is newer than all that are here."""

    def newest() -> int:
        every = (value.t for res in person.client.mirror.resources.values() for value in res.values.values())
        return max(every, default=0)  # an engine that has just begun has none yet

    before = newest()
    await person.until(lambda: newest() > before, "newer values")


async def locked_while_viewing_goes_on(disk: Path, folder: Path) -> None:
    async with console_on(disk, folder) as (console, proxy), console.joined() as person:
        await person.offers(is_free)
        await person.plan("carts")
        fill(disk)
        began = time.monotonic()
        await person.offers(is_locked)
        took = time.monotonic() - began
        assert (await person.plan("billing")).state == "refused"
        await ticks(person)
        assert proxy.mutations() == []
        make_room(disk)
        began = time.monotonic()
        await person.offers(is_free)
        assert max(took, time.monotonic() - began) < WITHIN_S
        op = await person.plan("billing")
        await person.confirmed(op, **past(op))
        await person.op(op.id, "in-flight", "done")


async def stopped_while_it_counted_down(disk: Path, folder: Path) -> None:
    async with console_on(disk, folder) as (console, proxy), console.joined() as person:
        op = await person.plan("carts")
        await person.confirmed(op)
        await person.op(op.id, "intent")
        fill(disk)
        refused = await person.op(op.id, "refused")
        assert LOCKED in refused.outcome
        assert "ENOSPC" in refused.seen
        assert refused.mend
        assert proxy.mutations() == []
        make_room(disk)
        assert await sent_once_the_lock_is_given_back(person)
        assert len(proxy.mutations()) == 1


async def sent_once_the_lock_is_given_back(person: Person) -> bool:
    """The lock is on the same disk: it could not be given back before."""
    for _ in range(50):
        again = await person.plan("carts")
        await person.confirmed(again)
        if (await person.op(again.id, "refused", "in-flight", "done")).state != "refused":
            return True
        await asyncio.sleep(0.1)
    return False


async def gone_on_with(disk: Path, folder: Path) -> None:
    async with console_on(disk, folder) as (console, proxy):
        async with console.joined() as person:
            sent, planned = await person.plan("catalogue"), await person.plan("carts")
            await person.confirmed(sent)
            await person.op(sent.id, "in-flight")
            await person.confirmed(planned)
            await person.op(planned.id, "intent")
        await asyncio.to_thread(console.kill)
        fill(disk)
        console.later(timedelta(minutes=5))
        await asyncio.to_thread(console.start)
        async with console.joined() as person:
            await person.op(sent.id, "done")
            await person.offers(is_locked)
            await ticks(person)
        assert console.lives
        assert [each.operation for each in proxy.mutations()] == ["CreateDBClusterSnapshot"]
        make_room(disk)
        async with console.joined() as person:
            await person.offers(is_free)


def on_a_small_disk(scene: Callable[[Path, Path], Coroutine[None, None, None]]) -> None:
    with small_disk(24) as disk, tempfile.TemporaryDirectory() as folder:
        asyncio.run(scene(disk, Path(folder)))


@as_root
def test_a_full_disk_locks_actions_within_a_second_while_viewing_goes_on() -> None:
    on_a_small_disk(locked_while_viewing_goes_on)


@as_root
def test_a_disk_that_fills_while_it_counts_down_stops_it() -> None:
    on_a_small_disk(stopped_while_it_counted_down)


@as_root
def test_an_engine_that_starts_on_a_full_disk_goes_on_with_what_was_begun() -> None:
    on_a_small_disk(gone_on_with)
