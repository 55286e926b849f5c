"""The engine as a process: whom it serves, when it goes, and what it still knows when it is started again."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.errors import Trouble
from collectors.safe import Safe
from console import __version__
from console.protocol.client import Client, Mode
from console.protocol.mirror import Mirror
from console.protocol.sockets import connect
from console.specs import EngineSpec, Play
from tests.rig.dbconsole import ROOT
from tests.rig.terminal import wait_until

WAIT = Safe("wait.PAGEIOLATCH_SH")
ORDERS = Safe("orders-primary")
CODE = """
import sys
from datetime import UTC, datetime
from pathlib import Path as PosixPath
from console.engine.main import main
from console.specs import AwsOptions, EngineSpec, Play
main(eval(sys.argv[1]))
"""


@dataclass
class Engines:
    """Starts engines, and ends what is left of them."""

    spec: EngineSpec
    running: list[subprocess.Popen[bytes]]

    def start(self, spec: EngineSpec | None = None) -> subprocess.Popen[bytes]:
        words = repr(spec or self.spec).replace("datetime.datetime", "datetime").replace("datetime.timezone.utc", "UTC")
        engine = subprocess.Popen([sys.executable, "-c", CODE, words], cwd=ROOT)
        self.running.append(engine)
        socket_path = self.spec.sockets / "view.sock"
        wait_until(lambda: engine.poll() is not None or listens(socket_path), "an engine that listens")
        return engine

    async def joined(self, mode: Mode) -> Client:
        name = "control.sock" if mode == "control" else "view.sock"
        return Client(await connect(self.spec.sockets / name), mode, __version__)

    async def mirror_with(self, holds: str, before: float = math.inf) -> Mirror:
        """What a viewer knows once the named resource has waits, and some of ``before`` that time of the engine."""
        async with await self.joined("view") as client:
            await client.request("see", {"ids": [holds]})
            async with asyncio.timeout(10):
                async for _ in client.changes():
                    res = client.mirror.resources.get(Safe(holds))
                    past = client.mirror.hist.get(holds, {}).get(WAIT)
                    if res is not None and past is not None and len(past) and past.columns()[0][0] < before:
                        break
            return client.mirror


def listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(os.fspath(path)) == 0


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[Engines]:
    spec = EngineSpec(
        estate="resilient-database",
        sockets=tmp_path / "run",
        state=tmp_path / "state",
        notices=(),
        guard=os.getpid(),
        run="one",
        play=Play(
            scenario="resilient-database",
            seed=1,
            size=12,
            start=datetime(2026, 3, 11, 10, tzinfo=UTC),
            anchor=time.monotonic(),
            speed=30.0,
        ),
    )
    (tmp_path / "state").mkdir()
    found = Engines(spec, [])
    yield found
    for engine in found.running:
        engine.kill()
        engine.wait()


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
