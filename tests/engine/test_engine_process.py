"""The engine as a process: whom it serves, when it goes, and what it still knows when it is started again."""

from __future__ import annotations

import asyncio
import signal
import stat
import time
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.errors import Trouble
from collectors.sqlserver.queries.rows import hexed
from console import __version__
from console.demo.inventory import MACHINES
from console.demo.sqlserver.catalogue import kinds
from console.protocol.client import Client
from console.protocol.sockets import connect
from tests.engine.engines import ORDERS, Engines
from tests.rig.terminal import wait_until


async def test_its_sockets_are_for_its_user_and_for_viewers_and_go_with_it(engines: Engines) -> None:
    engine = engines.start()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in engines.spec.sockets.iterdir()}
    assert modes == {"control.sock": 0o600, "view.sock": 0o660}
    engine.send_signal(signal.SIGTERM)
    assert engine.wait(5) == 0
    assert not list(engines.spec.sockets.iterdir())


async def test_it_stays_for_a_control_screen_and_is_gone_a_second_after_the_last(engines: Engines) -> None:
    engine = engines.start()
    async with await engines.joined("view"), await engines.joined("control"):
        async with await engines.joined("control"):
            pass
        await asyncio.sleep(1.2)  # longer than an engine without a lease lives
        assert engine.poll() is None
        left = time.monotonic()
    assert await asyncio.to_thread(engine.wait, 5) == 0
    assert time.monotonic() - left < 2


async def test_an_engine_whose_guard_is_dead_before_any_screen_came_goes(engines: Engines) -> None:
    engine = engines.start(replace(engines.spec, guard=1))
    assert await asyncio.to_thread(engine.wait, 5) == 0


async def test_a_viewers_socket_serves_no_control_screen(engines: Engines) -> None:
    engines.start()
    link = await connect(engines.spec.sockets / "view.sock")
    with pytest.raises(Trouble, match="for viewers"):
        async with Client(link, "control", __version__):
            pass


async def test_an_engine_that_was_killed_goes_on_with_what_it_knew(engines: Engines) -> None:
    engine = engines.start()
    before = await engines.mirror_with(ORDERS)
    assert engines.spec.state is not None
    wait_until((engines.spec.state / "estate.kept").is_file, "the first memory", 10)
    engine.kill()
    engine.wait()
    engines.start()
    assert before.meta is not None
    first = before.meta.started + 60_000  # waits are told by no source for the past: those were remembered
    after = await engines.mirror_with(ORDERS, before=first)
    assert after.meta is not None
    assert after.meta.started > before.meta.started


async def test_an_engine_that_cannot_keep_anything_says_so_and_works(engines: Engines) -> None:
    engines.start(replace(engines.spec, state=None, notices=("State and logs cannot be kept.",)))
    mirror = await engines.mirror_with(ORDERS)
    assert mirror.status is not None
    assert mirror.status.notices == ("State and logs cannot be kept.",)


async def test_an_engine_whose_disk_has_gone_works_on(engines: Engines) -> None:
    engine = engines.start(replace(engines.spec, state=Path("/proc/nowhere")))
    assert ORDERS in (await engines.mirror_with(ORDERS)).resources
    engine.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(engine.wait, 5) == 0


async def test_what_is_asked_by_hand_comes_back_as_rows_and_a_plan_lies_beside_the_engines_state(
    engines: Engines,
) -> None:
    engines.start()
    assert engines.spec.state is not None
    async with await engines.joined("control") as client, asyncio.timeout(20):
        while "orders-primary" not in client.mirror.resources:
            await anext(client.changes())
        lookup = kinds(MACHINES[0])[0]
        args = {"hash": hexed(lookup.hash), "plan": hexed(lookup.plan), "database": "orders"}
        told = await client.request("inquire", {"id": "orders-primary", "question": "plan", "args": args})
    assert told.ok, told.error
    saved = next(row[1] for row in told.rows if row[0] == "saved")
    assert saved.startswith(str(engines.spec.state / "plans"))
