"""One connection to a MySQL or MariaDB server, as a thread uses it: all of it blocks."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
from functools import lru_cache
from typing import Any

from collectors.database.credentials import Credentials
from collectors.database.rows import Rows
from collectors.errors import CannotCollect
from collectors.mysql.asking import Question
from collectors.mysql.wire.target import APPLICATION, Encryption, Target

MOST_ROWS = 10_000
STATEMENT_S = 3


class Connection:
    """Asks one question at a time; `cut` alone is for another thread than the one that asks."""

    def __init__(self, raw: Any, line: socket.socket) -> None:
        self._raw = raw
        self._line = line

    @classmethod
    def open(cls, target: Target, credentials: Credentials, *, to_stay: bool = True) -> Connection:
        """Raises PyMySQL's errors and the socket's own: `errors.told` knows them.

        ``to_stay``: False for one question that needs no limits of the session's.
        """
        pymysql = driver()
        line = socket.create_connection((target.host, target.port), target.login_s)
        handle = line.dup()  # TLS takes the line itself; by this one it can still be cut
        raw = None
        try:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw = pymysql.connections.Connection(
                host=target.host,
                port=target.port,
                user=credentials.user,
                password=credentials.password.encode(),  # as text it may be Latin 1 only
                charset="utf8mb4",
                autocommit=True,
                program_name=APPLICATION,
                read_timeout=target.login_s,
                write_timeout=target.login_s,
                defer_connect=True,
                **_encryption(target),
            )
            raw.connect(line)
            made = cls(raw, handle)
            if to_stay:
                made._prepare()
        except BaseException:
            with contextlib.suppress(Exception):
                if raw is not None:
                    raw.close()
            line.close()
            handle.close()
            raise
        return made

    def ask(self, question: Question) -> Rows:
        """Its result set, drained; `CannotCollect` where it is more than anybody foresaw."""
        with self._raw.cursor() as cursor:
            cursor.execute(question.text)
            columns = tuple(column[0] for column in cursor.description or ())
            values = tuple(map(tuple, cursor.fetchmany(MOST_ROWS + 1)))
        if len(values) > MOST_ROWS:
            raise CannotCollect(f"The answer to {question.name} is larger than any that was foreseen.")
        return Rows(columns, values)

    @property
    def peer(self) -> str:
        """The other end's address."""
        return str(self._line.getpeername()[0])

    def cut(self) -> None:
        """Whoever waits for the server meets the end of the line."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with contextlib.suppress(Exception):  # the line is broken: then it is closed
            self._raw.close()
        self._line.close()

    def _prepare(self) -> None:
        """Nothing is written, and no statement goes on when nobody waits for it any more."""
        version = str(self._raw.get_server_info())
        limit = (
            f"max_statement_time = {STATEMENT_S}" if "mariadb" in version.lower()
            else f"max_execution_time = {STATEMENT_S * 1000}"
        )  # fmt: skip
        with self._raw.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            with contextlib.suppress(driver().err.Error):  # older than 5.7.8: our own deadline holds
                cursor.execute(f"SET SESSION {limit}, SESSION lock_wait_timeout = 2")


def driver() -> Any:
    """Imported where a server is first asked: most estates have none."""
    try:
        import pymysql  # noqa: PLC0415
    except ImportError:
        mend = "Run `pip install 'dbconsole[mysql]'`."
        raise CannotCollect("PyMySQL is not installed, by which MySQL and MariaDB are asked.", mend=mend) from None
    return pymysql


def _encryption(target: Target) -> dict[str, Any]:
    """Given a context, PyMySQL refuses a server without TLS before it sends the password."""
    if target.encryption is Encryption.OFF:
        return {"ssl_disabled": True}
    trusted = target.ca_file or ssl.get_default_verify_paths().cafile or ""
    changed = os.stat(trusted).st_mtime_ns if trusted else 0
    return {"ssl": _context(target.ca_file, target.encryption, changed)}


@lru_cache(maxsize=8)
def _context(ca_file: str, encryption: Encryption, changed: int) -> ssl.SSLContext:
    """To read all authorities takes longer than to knock. ``changed``: when their file was, so that it is read anew."""
    context = ssl.create_default_context(cafile=ca_file or None)
    if encryption is Encryption.TRUST:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
