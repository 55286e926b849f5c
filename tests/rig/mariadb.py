"""Real MariaDB servers from the Debian package: a source, a replica of it, and the line between them."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
from pymysql.cursors import DictCursor

from console.demo.tds.tls import Certificate
from tests.rig.needs import need
from tests.rig.severable import Severable
from tests.rig.terminal import wait_until

SBIN = "/usr/sbin"  # where Debian has the server, and a user's PATH has not
HEARTBEAT_S = 0.5
NET_TIMEOUT_S = 60  # longer than any test: who notices a silence is to be the collector
_SMALL = (
    *("--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--innodb-flush-log-at-trx-commit=0"),
    *("--skip-name-resolve", "--bind-address=127.0.0.1", "--performance-schema=ON", "--innodb-lock-wait-timeout=60"),
)


class Server:
    """One mariadbd in a folder of its own. ``sql`` speaks as root, over its socket."""

    def __init__(self, folder: Path, number: int, *options: str) -> None:
        self.folder, self.number = folder, number
        self.port = _free_port()
        self.options = list(options)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        data = self.folder / "data"
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    shutil.which("mariadbd") or f"{SBIN}/mariadbd", "--no-defaults", f"--datadir={data}",
                    f"--socket={self._socket}", f"--port={self.port}", f"--pid-file={self.folder / 'pid'}",
                    f"--server-id={self.number}", "--log-bin=binlog", f"--slave-net-timeout={NET_TIMEOUT_S}",
                    *_SMALL, *self.options,
                ],
                stdout=log, stderr=log, **_unprivileged(),
            )  # fmt: skip
        wait_until(self._answers, self._said)

    def sql(self, *statements: str) -> list[dict[str, Any]]:
        """The rows of the last one."""
        with closing(self.connected()) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())

    def connected(self) -> pymysql.connections.Connection[DictCursor]:
        """To be closed by whoever holds it: locks live as long as it does."""
        return pymysql.connect(
            unix_socket=str(self._socket), user="root", autocommit=True, cursorclass=DictCursor, ssl_disabled=True
        )

    def freeze(self) -> None:
        """It keeps its connections, and does nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        if self._process is not None:
            self._signal(signal.SIGCONT)
            self._signal(signal.SIGKILL)  # nobody needs its data again
            self._process.wait()

    @property
    def _socket(self) -> Path:
        return self.folder / "sock"

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise AssertionError(self._said())
        return "ready for connections" in self._said()

    def _said(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


@dataclass(frozen=True, slots=True)
class Pair:
    source: Server
    replica: Server
    line: Severable

    def follow(self) -> None:
        """The replica begins where the source is now, and a mended line lies between them."""
        self.line.mend()
        at = self.source.sql("SHOW MASTER STATUS")[0]
        self.replica.sql(
            "STOP SLAVE",
            "RESET SLAVE ALL",
            "SET GLOBAL read_only = ON",
            f"CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={self.line.port}, MASTER_USER='repl', "
            f"MASTER_PASSWORD='of-a-test', MASTER_LOG_FILE='{at['File']}', MASTER_LOG_POS={at['Position']}, "
            f"MASTER_HEARTBEAT_PERIOD={HEARTBEAT_S}, MASTER_CONNECT_RETRY=1, MASTER_DELAY=0",
            "START SLAVE",
        )
        self.until(Slave_IO_Running="Yes", Slave_SQL_Running="Yes")

    def change(self, said: str) -> None:
        """Of the link. What is not said of heartbeats falls back to what the server thinks right."""
        self.replica.sql("STOP SLAVE", f"CHANGE MASTER TO {said}", "START SLAVE")
        self.until(Slave_IO_Running="Yes")

    def status(self) -> dict[str, Any]:
        return next(iter(self.replica.sql("SHOW SLAVE STATUS")), {})

    def until(self, **values: object) -> None:
        """Until the replica says so of itself."""
        wait_until(lambda: values.items() <= self.status().items(), lambda: f"{values} in {self.status()}")

    def until_read(self) -> None:
        """All that the source has written; after a new file it writes a little more by itself."""
        wait_until(lambda: self._is_at("Master_Log_File", "Read_Master_Log_Pos"), lambda: f"all in {self.status()}")

    def until_applied(self) -> None:
        wait_until(
            lambda: self._is_at("Relay_Master_Log_File", "Exec_Master_Log_Pos"), lambda: f"all in {self.status()}"
        )

    def _is_at(self, file: str, position: str) -> bool:
        at, status = self.source.sql("SHOW MASTER STATUS")[0], self.status()
        return (at["File"], at["Position"]) == (status[file], status[position])


@contextmanager
def pair(*options: str, certificate: Certificate | None = None) -> Iterator[Pair]:
    """The same tables in both: `shop.orders` and `shop.heartbeat`. Logins are for the test to make.

    ``certificate``: with it they speak TLS.
    """
    need("mariadbd", SBIN)
    with ExitStack() as stack:
        source, replica = _installed(stack, options)
        if certificate is not None:
            for server in (source, replica):
                server.options += [f"--ssl-cert={server.folder / 'chain'}", f"--ssl-key={server.folder / 'key'}"]
                _give(server, certificate)
        source.start()
        replica.start()
        for server in (source, replica):
            server.sql(
                "SET sql_log_bin = 0",
                "CREATE DATABASE shop",
                "CREATE TABLE shop.orders (id INT PRIMARY KEY, text VARCHAR(4000)) ENGINE=InnoDB",
                "CREATE TABLE shop.heartbeat (ts VARCHAR(26) NOT NULL, server_id INT UNSIGNED PRIMARY KEY)",
                "CREATE USER repl@'%' IDENTIFIED BY 'of-a-test'",
                "GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
            )
        line = stack.enter_context(Severable(source.port))
        both = Pair(source, replica, line)
        both.follow()
        yield both


@contextmanager
def secured(certificate: Certificate) -> Iterator[Server]:
    """One server that speaks TLS; `present` gives it another certificate."""
    need("mariadbd", SBIN)
    with ExitStack() as stack:
        server, _ = _installed(stack, ())
        server.options = [f"--ssl-cert={server.folder / 'chain'}", f"--ssl-key={server.folder / 'key'}"]
        _give(server, certificate)
        server.start()
        yield server


def present(server: Server, certificate: Certificate) -> None:
    _give(server, certificate)
    server.sql("FLUSH SSL")


def _give(server: Server, certificate: Certificate) -> None:
    user = _other_user()
    for name, path in (("chain", certificate.chain), ("key", certificate.key)):
        shutil.copyfile(path, server.folder / name)
        if user:
            os.chown(server.folder / name, user.pw_uid, user.pw_gid)


def _installed(stack: ExitStack, options: tuple[str, ...]) -> tuple[Server, Server]:
    """In a folder that another user may enter, and whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="dbc-mariadb-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    servers = [Server(folder / name, number, *options) for number, name in ((1, "source"), (2, "replica"))]
    for server in servers:
        server.folder.mkdir()
        stack.callback(server.stop)
    data = servers[0].folder / "data"
    user = _other_user()
    subprocess.run(
        [
            "mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
            "--skip-test-db", "--innodb-log-file-size=8M", *([f"--user={user.pw_name}"] if user else []),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    shutil.copytree(data, servers[1].folder / "data")
    if user:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
    return servers[0], servers[1]


def _other_user() -> pwd.struct_passwd | None:
    """Whom the server runs as where the tests run as root, whom it refuses to be."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam("mysql")
    return pwd.getpwnam("nobody")


def _unprivileged() -> dict[str, Any]:
    user = _other_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
