"""Starts the emulator for an engine, on a socket that the engine keeps; and starts it again where it dies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import IO

import orjson

from console.specs import Play

log = logging.getLogger(__name__)

PAUSES_S = (1.0, 5.0, 30.0)  # as the guard starts a dead engine again
LIVED_S = 60.0  # whoever lived that long may be started at once
LOOKED_S = 0.25
BACKLOG = 128


class Emulator:
    """The endpoint is there from the start: who connects before anybody answers waits.

    What was answered is answered again by the next one: all of it follows from the play, the time and the ledger.
    """

    def __init__(
        self,
        play: Play,
        log_file: Path | None = None,
        *,
        ledger: Path | None = None,
        run: str = "",
        manual_snapshots: int | None = None,
    ) -> None:
        """``log_file``: where it may say why it ended. ``ledger``: where what was done is kept for the same run."""
        self._play, self._log_file = play, log_file
        self._more = {"ledger": None if ledger is None else str(ledger), "run": run} | (
            {} if manual_snapshots is None else {"manual_snapshots": manual_snapshots}
        )
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self._life, self._held = os.pipe()  # its end closes with this process, however that ends
        self.endpoint = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._deaths = 0
        self._process = self._spawn()

    @property
    def pid(self) -> int:
        return self._process.pid

    async def supervise(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOKED_S)
            if self._process.poll() is None:
                continue
            self._deaths = 1 if time.monotonic() - self._started > LIVED_S else self._deaths + 1
            pause = PAUSES_S[min(self._deaths, len(PAUSES_S)) - 1]
            log.warning("the emulator ended with %s; another starts in %g s", self._process.returncode, pause)
            await asyncio.sleep(pause)
            self._process = self._spawn()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._socket.close()
        os.close(self._held)
        os.close(self._life)

    def _spawn(self) -> subprocess.Popen[bytes]:
        self._started = time.monotonic()
        fds = (self._socket.fileno(), self._life)
        told = orjson.dumps(_told(self._play, *fds) | self._more).decode()
        with contextlib.ExitStack() as open_until_forked:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "console.demo.emulator", told],
                pass_fds=fds,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said(open_until_forked),
            )

    def _said(self, until: contextlib.ExitStack) -> IO[bytes] | int:
        """Its last words go into a file of their own, which begins anew with each engine."""
        if self._log_file is not None:
            with contextlib.suppress(OSError):
                again = os.O_APPEND if self._deaths else os.O_TRUNC
                flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | again
                return until.enter_context(os.fdopen(os.open(self._log_file, flags, 0o600), "wb"))
        return subprocess.DEVNULL


def _told(play: Play, listening: int, life: int) -> dict[str, str | int | float | datetime | None]:
    """`EmulatorSpec`, without loading what the emulator loads."""
    return {
        "scenario": play.scenario,
        "seed": play.seed,
        "size": play.size,
        "start": play.start,
        "anchor": play.anchor,
        "speed": play.speed,
        "listening": listening,
        "life": life,
        "role": play.role,
    }
