"""A server for tests of the way to AWS: says what it is told to, and knows what came."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from collectors.aws.meter import Meter
from collectors.aws.place import Account, Place
from collectors.aws.prices import Prices
from collectors.aws.sessions import Sessions
from collectors.threads import Threads

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEYS = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
NO_INSTANCES = (
    b'<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBInstancesResult>'
    b"<DBInstances/></DescribeDBInstancesResult></DescribeDBInstancesResponse>"
)


@dataclass(frozen=True)
class Came:
    headers: dict[str, str]
    body: bytes

    @property
    def key_id(self) -> str:
        """With which key it was signed."""
        return self.headers["authorization"].partition("Credential=")[2].partition("/")[0]


class Answer:
    def __init__(self, body: bytes = NO_INSTANCES, status: int = 200, kind: str = "text/xml") -> None:
        self.body, self.status, self.kind = body, status, kind

    def write(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(self.status)
        handler.send_header("Content-Type", self.kind)
        handler.send_header("Content-Length", str(len(self.body)))
        handler.end_headers()
        handler.wfile.write(self.body)


class Refusal(Answer):
    """As the services say it that speak XML."""

    def __init__(self, code: str, status: int = 400, message: str = "It is so.") -> None:
        told = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        super().__init__(f"<ErrorResponse>{told}</ErrorResponse>".encode(), status)


class Dropped(Answer):
    """The connection ends in the middle of a line."""

    def write(self, handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True


class CutShort(Answer):
    def write(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"<Describe")
        handler.close_connection = True


@dataclass
class Server:
    """Answers with what is left in ``script``, then with ``usual``."""

    port: int = 0
    connections: int = 0
    came: list[Came] = field(default_factory=list)
    script: list[Answer] = field(default_factory=list)
    usual: Callable[[Came], Answer] = lambda _: Answer()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, came: Came) -> Answer:
        self.came.append(came)
        return self.script.pop(0) if self.script else self.usual(came)


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or a body waits for the acknowledgement of its headers

        def setup(self) -> None:
            server.connections += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                server.answer(Came(headers, body)).write(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_GET = do_PUT = do_POST  # noqa: N815 - as the library names them

        def log_message(self, *_: Any) -> None:
            pass

    class Listening(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A connection that was closed on purpose."""

    with Listening(("127.0.0.1", 0), Handler) as listening:
        server.port = listening.server_port
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


@contextmanager
def reading(agent: str = "dbconsole") -> Iterator[tuple[Sessions, Meter]]:
    meter = Meter(Prices(), lambda: NOON)
    sessions = Sessions(Threads(4), meter, agent=agent)
    try:
        yield sessions, meter
    finally:
        sessions.close()


def near(server: Server) -> Place:
    return Place(Account("near", endpoint=server.url, keys=KEYS), "eu-west-1")
