"""How does a server fail below HTTP? It does not answer, breaks off in the midst of an answer, or hangs up at once."""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, NoReturn

from console.demo.emulator.requests_form import App, Environ

SOCKET = "werkzeug.socket"  # where the server keeps the connection of a request
LOOKS_EACH_S = 0.2


def hang(environ: Environ, lasts: Callable[[], bool]) -> None:
    """Until it no longer lasts; raises what ends the request where the client is gone before."""
    connection: socket.socket = environ[SOCKET]
    while lasts():
        readable, _, _ = select.select([connection], [], [], LOOKS_EACH_S)
        if readable and not connection.recv(1, socket.MSG_PEEK):
            raise ConnectionResetError("the client did not wait")
        if readable:  # it has sent more, and is still there
            time.sleep(LOOKS_EACH_S)


def reset(environ: Environ) -> NoReturn:
    """The client finds the connection reset, with nothing answered."""
    _abort(environ[SOCKET])
    raise ConnectionResetError("a fault")


def break_off(environ: Environ, app: App) -> NoReturn:
    """Half of what would have been answered, then as `reset`."""
    told: list[str] = []

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
        told.append(f"HTTP/1.1 {status}")
        told.extend(f"{name}: {value}" for name, value in headers if name.lower() != "content-length")
        return lambda data: None

    body = b"".join(app(environ, start))
    head = "\r\n".join([*told, f"Content-Length: {len(body)}", "", ""]).encode("latin-1")
    connection: socket.socket = environ[SOCKET]
    connection.sendall(head + body[: len(body) // 2])
    _abort(connection)
    raise ConnectionResetError("a fault")


def _abort(connection: socket.socket) -> None:
    """The server goes on with a socket whose other end is gone, and so need not know of it."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close by a reset
    here, there = socket.socketpair()
    there.close()
    os.dup2(here.fileno(), connection.fileno())
    here.close()
