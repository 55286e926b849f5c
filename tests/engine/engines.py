"""Engines as processes: started, joined and ended by a test."""

from __future__ import annotations

import asyncio
import math
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from collectors.safe import Safe
from console import __version__
from console.protocol.client import Client, Mode
from console.protocol.mirror import Mirror
from console.protocol.sockets import connect
from console.specs import EngineSpec
from tests.rig.dbconsole import ROOT
from tests.rig.terminal import wait_until

WAIT = Safe("wait.PAGEIOLATCH_SH")
ORDERS = Safe("orders-primary")
CODE = """
import sys
from datetime import UTC, datetime
from pathlib import Path as PosixPath
from console.engine.main import main
from console.specs import AwsOptions, EngineSpec, Play, ShareOptions
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

    async def mirror_until(self, holds: Callable[[Mirror], bool], mode: Mode = "view") -> Mirror:
        """What somebody knows who joins and listens until it holds."""
        async with await self.joined(mode) as client, asyncio.timeout(20):
            while not holds(client.mirror):
                await anext(client.changes())
            return client.mirror


def listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(os.fspath(path)) == 0
