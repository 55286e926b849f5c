"""A real redis-server for a node of the demo: on loopback, nothing of it on disk, and gone with whoever started it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect
from collectors.redis.wire.connection import Connection
from collectors.redis.wire.errors import chain
from collectors.redis.wire.target import Target
from collectors.safe import sanitise
from collectors.threads import Threads
from console.demo.redis.server import HOST
from console.demo.redis.users import DEFAULT, FLUSHER, FLUSHES, LOOKS, READER

PROGRAM = "redis-server"
FEEDER, COPIER = "dbconsole-feeder", "dbconsole-copier"
READY_S = 3.0
LOOKED_S = 0.02
TIED = (  # the kernel ends it with its parent, however that ends: PR_SET_PDEATHSIG, SIGKILL
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); "
    "os.getppid() == int(sys.argv[1]) or sys.exit(1); os.execv(sys.argv[2], [sys.argv[2], '-'])"
)
LATER = frozenset({"client|setinfo"})  # than the oldest server that is started here
TAKES_AWAY = frozenset({"del", "unlink", *FLUSHES})


@dataclass(frozen=True, slots=True)
class Settings:
    """``source``: the port of whom it follows; None: nobody. ``passwords``: by user."""

    port: int
    maxmemory: int
    policy: str
    source: int | None
    passwords: Mapping[str, str]

    def text(self) -> str:
        """As its file would have it: read from standard input, so that no password is on a disk or in a list."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"bind {HOST}"
        yield f"port {self.port}"
        yield "daemonize no"
        yield 'save ""'
        yield "appendonly no"
        yield f'dir "{tempfile.gettempdir()}"'
        yield f"maxmemory {self.maxmemory}"
        yield f"maxmemory-policy {self.policy}"
        yield "repl-diskless-sync yes"
        yield "repl-diskless-sync-delay 0"
        yield "repl-diskless-load swapdb"
        yield f"masteruser {COPIER}"
        yield f"masterauth {self.passwords[COPIER]}"
        for name, rules in RULES.items():
            password = self.passwords.get(name)
            known = "nopass" if password is None else f"#{hashlib.sha256(password.encode()).hexdigest()}"
            yield f"user {name} reset on {known} ~* {rules}"
        if self.source is not None:
            yield f"replicaof {HOST} {self.source}"


def _may(*commands: str) -> str:
    return " ".join(f"+{each}" for each in sorted(commands))


RULES = {
    DEFAULT: f"-@all +@read +@write +@connection -@dangerous {_may(*(LOOKS - LATER))}",
    READER: f"-@all {_may(*(LOOKS - LATER))}",
    FLUSHER: f"-@all {_may(*(LOOKS - LATER), *TAKES_AWAY)}",
    FEEDER: "+@all",
    COPIER: "-@all +psync +replconf +ping",
}
"""The same as the small server's `users.py`, as an ACL has them; and who fills it, and who copies it."""


class RealServer:
    """One process. To be made by the thread that lives as long as it shall: with that it ends."""

    def __init__(self, program: str, settings: Settings) -> None:
        self.port = settings.port
        command = [sys.executable, "-I", "-S", "-c", TIED, str(os.getpid()), program]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError), self._process.stdin as its_file:  # has ended: `ready` says so
                its_file.write(settings.text().encode())

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ready(self, credentials: Credentials, threads: Threads) -> Connection:
        """A connection of whoever that is. Raises `CannotCollect` where none comes about in time."""
        ends = asyncio.get_running_loop().time() + READY_S
        while True:
            if (status := self._process.poll()) is not None:
                raise CannotCollect(f"{PROGRAM} ended as it began, with status {status}.")
            try:
                return await Connection.open(Target(HOST, self.port, tls=False), credentials, threads)
            except Exception as error:  # noqa: BLE001 - redis-py's own: whether it only has not begun
                if not any(isinstance(each, OSError) for each in chain(error)):
                    raise CannotCollect(f"{PROGRAM} lets nobody in.", seen=sanitise(str(error), 200)) from None
            if asyncio.get_running_loop().time() > ends:
                raise CannotCollect(f"{PROGRAM} did not answer within {READY_S:g} s.")
            await asyncio.sleep(LOOKED_S)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def program() -> str:
    """Raises `CannotCollect` where this machine cannot have them."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise CannotCollect(f"There is no {PROGRAM} on PATH.")
    if sys.platform != "linux":
        raise CannotCollect(f"No {PROGRAM} is tied to its parent on this system.")
    if find_spec("redis") is None:
        raise CannotCollect("redis-py is not installed.")
    return found


def free_ports(count: int) -> list[int]:
    held = [socket.create_server((HOST, 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()
