"""Real Redis servers of a test's own, on loopback: a primary, and replicas whose lines to it can be severed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from tests.rig.needs import need
from tests.rig.severable import Severable
from tests.rig.terminal import wait_until

COMMAND = "redis-server"
SLOTS = 16384
PLACES = "/usr/bin:/usr/local/bin:/usr/sbin"


@dataclass(frozen=True, slots=True)
class RedisServer:
    """``password``: of the test's own connections, where there is one."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    password: str | None = None

    def say(self, *words: str | float) -> Any:
        """One command, and what comes back: not by the code under test."""
        with contextlib.closing(
            redis.Redis(port=self.port, password=self.password, socket_timeout=10, decode_responses=True)
        ) as client:
            return client.execute_command(*words)  # type: ignore[no-untyped-call]

    def told(self, section: str = "replication") -> dict[str, Any]:
        found = self.say("INFO", section)
        assert isinstance(found, dict)
        return found

    def write(self, bytes_: int, times: int = 1) -> None:
        """So many values in one journey."""
        with contextlib.closing(redis.Redis(port=self.port, password=self.password, socket_timeout=10)) as client:
            pipe = client.pipeline(transaction=False)
            for number in range(times):
                pipe.set(f"key:{number}", os.urandom(bytes_))
            pipe.execute()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """As a machine that lost its power."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.thaw()  # one that is frozen does not end
            self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(frozen=True, slots=True)
class Copy:
    """A replica, and its line to the primary."""

    server: RedisServer
    line: Severable

    def is_in_step(self) -> bool:
        told = self.server.told()
        return told.get("master_link_status") == "up" and not told.get("master_sync_in_progress")


@contextmanager
def redis_server(folder: Path, *words: str, password: str | None = None, tls: bool = False) -> Iterator[RedisServer]:
    """``words``: settings as on its command line. With ``tls`` its port is that of TLS, and nobody waits for it."""
    need(COMMAND, PLACES)
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    ports = ("--port", "0", "--tls-port", str(port)) if tls else ("--port", str(port))
    common = ("--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--appendonly", "no", "--daemonize", "no")
    secret = () if password is None else ("--requirepass", password)
    log = folder / "redis.log"
    command = [_program(), *ports, *common, "--enable-debug-command", "yes", *secret, *words]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder)
    server = RedisServer(port, process, log, password)
    try:
        wait_until(lambda: b"Ready to accept connections" in log.read_bytes(), log.read_text, 10)
        yield server
    finally:
        server.end()


@contextmanager
def redis_copies(folder: Path, count: int, *words: str) -> Iterator[tuple[RedisServer, tuple[Copy, ...]]]:
    """A primary with so many replicas, each in step."""
    with ExitStack() as stack:
        primary = stack.enter_context(redis_server(folder / "primary", "--repl-diskless-sync-delay", "0", *words))
        copies = tuple(stack.enter_context(_copy(folder / f"replica-{n}", primary.port, words)) for n in range(count))
        for copy in copies:
            wait_until(copy.is_in_step, "a replica in step")
        yield primary, copies


@contextmanager
def redis_cluster(folder: Path, shards: int, *words: str) -> Iterator[tuple[RedisServer, ...]]:
    """Primaries that share all slots evenly, and know each other."""
    with ExitStack() as stack:
        made = tuple(stack.enter_context(_of_a_cluster(folder / f"shard-{n}", words)) for n in range(shards))
        ends = [SLOTS * n // shards for n in range(shards + 1)]
        for server, first, after in zip(made, ends, ends[1:], strict=False):
            server.say("CLUSTER", "ADDSLOTSRANGE", first, after - 1)
        for server in made[1:]:
            bus = int(server.say("CONFIG", "GET", "cluster-port")["cluster-port"])
            made[0].say("CLUSTER", "MEET", "127.0.0.1", server.port, bus)
        for server in made:
            wait_until(lambda of=server: "cluster_state:ok" in str(of.say("CLUSTER", "INFO")), "a cluster", 20)  # type: ignore[misc]
        yield made


def _of_a_cluster(folder: Path, words: Sequence[str]) -> AbstractContextManager[RedisServer]:
    alone = ("--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf")
    return redis_server(folder, *alone, "--cluster-port", str(_free_port()), *words)


@contextmanager
def _copy(folder: Path, source: int, words: Sequence[str]) -> Iterator[Copy]:
    with Severable(source) as line, redis_server(folder, "--replicaof", f"127.0.0.1 {line.port}", *words) as server:
        yield Copy(server, line)


def _program() -> str:
    found = shutil.which(COMMAND, path=os.pathsep.join((os.environ.get("PATH", ""), PLACES)))
    assert found is not None
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
