"""Real PostgreSQL servers from the Debian package: a primary, a replica of it, one of the replica, and their lines."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from console.demo.tds.tls import Certificate
from tests.rig.needs import need
from tests.rig.severable import Severable
from tests.rig.terminal import wait_until

TIMEOUT_MS = 1000  # of both ends of a link: an idle one says something twice as often
MONITOR, PLAIN, PASSWORD = "dbconsole_ro", "plain", "only of this test"
_HBA = """local all all trust
local replication all trust
host replication all 127.0.0.1/32 trust
hostssl all all 127.0.0.1/32 scram-sha-256
hostnossl all all 127.0.0.1/32 scram-sha-256
"""
_SMALL = {
    "shared_buffers": "8MB",
    "max_connections": "20",
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
    "fsync": "off",
    "autovacuum": "off",
    "checkpoint_timeout": "1d",
    "bgwriter_lru_maxpages": "0",
    "wal_level": "replica",
    "max_wal_senders": "8",
    "max_replication_slots": "8",
    "hot_standby": "on",
    "wal_receiver_timeout": str(TIMEOUT_MS),
    "wal_sender_timeout": str(TIMEOUT_MS),
    "wal_receiver_status_interval": "1s",
    "wal_retrieve_retry_interval": "200ms",
    "listen_addresses": "127.0.0.1",
    "logging_collector": "off",
    "lc_messages": "C",
    "max_parallel_workers": "0",
}


class Server:
    """One server in a folder of its own. ``sql`` speaks as the superuser, over its socket."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.port = _free_port()
        self._settings: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / self.name

    def start(self, **settings: str) -> None:
        """With those of its last start besides."""
        settings = self._settings = {**self._settings, **settings}
        said = {**_SMALL, "port": str(self.port), "unix_socket_directories": str(self.folder), **settings}
        words = [word for name, value in said.items() for word in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [_binary("postgres"), "-D", str(self.data), *words], stdout=log, stderr=log, **_unprivileged()
            )
        wait_until(self._answers, self._said)

    def sql(self, statement: LiteralString, *arguments: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(
            host=str(self.folder), port=self.port, user="postgres", dbname="postgres", autocommit=True
        ) as line:
            cursor = line.execute(statement, arguments or None)
            return cursor.fetchall() if cursor.description else []

    def process(self, kind: str) -> int:
        """The server's own process of that kind: walreceiver, startup."""
        found = wait_until(
            lambda: self.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = %s", kind), f"a {kind}"
        )
        return int(found[0][0])

    @contextmanager
    def frozen(self, kind: str) -> Iterator[None]:
        """It keeps what it has, and does nothing."""
        pid = self.process(kind)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """As a machine that lost its power."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """At once: nobody needs its data again."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
        self._process = None

    @property
    def _log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            return bool(self.sql("SELECT 1"))
        if self._process is None or self._process.poll() is not None:
            raise AssertionError(self._said())
        return False

    def _said(self) -> str:
        return f"{self.name}:\n{self._log.read_text()[-2000:]}"


@dataclass(frozen=True, slots=True)
class Family:
    """``line`` lies between the primary and the replica; the cascade follows the replica without one."""

    primary: Server
    replica: Server
    cascade: Server
    line: Severable

    def until_applied(self) -> None:
        """Until both copies have all that the primary has, and whoever they follow knows that."""
        at = self.primary.sql("SELECT pg_current_wal_flush_lsn()::text")[0][0]
        for source, copy in ((self.primary, self.replica), (self.replica, self.cascade)):
            wait_until(partial(_has, source, copy, at), f"{copy.name} at {at}")


def _has(source: Server, copy: Server, at: str) -> bool:
    asked = copy.sql(
        "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn AND r.status = 'streaming' FROM pg_stat_wal_receiver AS r", at
    )
    known = source.sql("SELECT replay_lsn >= %s::pg_lsn FROM pg_stat_replication WHERE state = 'streaming'", at)
    return asked == [(True,)] and known == [(True,)]


@contextmanager
def family() -> Iterator[Family]:
    """Logins are there: one that may see the state of links, one that may not."""
    with ExitStack() as stack:
        folder = _folder_of_its_own(stack)
        primary, replica, cascade = (Server(folder, name) for name in ("primary", "replica", "cascade"))
        for server in (primary, replica, cascade):
            stack.callback(server.stop)
        _install(primary)
        line = stack.enter_context(Severable(primary.port))
        _copy(primary, replica, of=primary, port=line.port)
        _copy(replica, cascade, of=primary, port=replica.port)
        found = Family(primary, replica, cascade, line)
        found.until_applied()
        yield found


@contextmanager
def alone(certificate: Certificate, **settings: str) -> Iterator[Server]:
    """One server that nobody follows, with the same logins, and that certificate."""
    with ExitStack() as stack:
        server = Server(_folder_of_its_own(stack), "alone")
        stack.callback(server.stop)
        for file, name in ((certificate.chain, "server.pem"), (certificate.key, "server.key")):
            shutil.copy(file, server.folder / name)
            (server.folder / name).chmod(0o600)
            _give(server.folder / name)
        files = {"ssl_cert_file": f"{server.folder}/server.pem", "ssl_key_file": f"{server.folder}/server.key"}
        _install(server, ssl="on", **files, **settings)
        yield server


def _folder_of_its_own(stack: ExitStack) -> Path:
    """Short enough for a socket, and open to another user."""
    need("postgres", _folder())
    folder = Path(tempfile.mkdtemp(prefix="dbc-pg-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    _give(folder)
    return folder


def _give(path: Path) -> None:
    if (user := _other_user()) is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def _install(primary: Server, **settings: str) -> None:
    _run("initdb", "-D", str(primary.data), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C")
    (primary.data / "pg_hba.conf").write_text(_HBA)
    primary.start(**settings)
    primary.sql(f"CREATE ROLE {MONITOR} LOGIN PASSWORD '{PASSWORD}' IN ROLE pg_monitor")
    primary.sql(f"CREATE ROLE {PLAIN} LOGIN PASSWORD '{PASSWORD}'")
    primary.sql("CREATE TABLE filled (id bigint, text text)")


def _copy(source: Server, copy: Server, *, of: Server, port: int) -> None:
    """It follows the source by ``port``, with a slot of its own name; its data is ``of`` the primary."""
    source.sql("SELECT pg_create_physical_replication_slot(%s)", copy.name)
    _run("pg_basebackup", "-D", str(copy.data), "-h", str(of.folder), "-p", str(of.port), "-U", "postgres",
         "-c", "fast", "--no-sync")  # fmt: skip
    (copy.data / "standby.signal").touch()
    _give(copy.data / "standby.signal")
    where = f"host=127.0.0.1 port={port} user=postgres application_name={copy.name} sslmode=disable connect_timeout=2"
    copy.start(primary_conninfo=where, primary_slot_name=copy.name)


def _run(command: str, *words: str) -> None:
    subprocess.run([_binary(command), *words], check=True, capture_output=True, **_unprivileged())


def _folder() -> str:
    """Of the newest version that is installed; Debian keeps several side by side."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    return str(folders[-1]) if folders else ""


def _binary(command: str) -> str:
    return shutil.which(command, path=os.pathsep.join(filter(None, (_folder(), os.environ.get("PATH"))))) or command


def _other_user() -> pwd.struct_passwd | None:
    """Whom the server runs as where the tests run as root, whom it refuses to be."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def _unprivileged() -> dict[str, Any]:
    """And in a folder that it may enter, with nothing of ours that libpq would read."""
    user = _other_user()
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    rights: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    return {**rights, "env": {**env, "LC_ALL": "C"}, "cwd": "/"}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
