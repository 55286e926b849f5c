"""What goes over a connection? A relay on loopback that keeps every byte of it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Tap:
    port: int
    heard: bytearray = field(default_factory=bytearray)
    """Both ways, of all connections."""


@contextmanager
def tap(onto: int) -> Iterator[Tap]:
    """Listens on ``port``, and passes everything on to the port ``onto``."""
    ends: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def carry(come: socket.socket, go: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := come.recv(1 << 16):
                heard.heard += data
                go.sendall(data)
        with contextlib.suppress(OSError):
            go.shutdown(socket.SHUT_WR)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", onto))
                ends.extend((near, far))
                for pair in ((near, far), (far, near)):
                    threads.append(threading.Thread(target=carry, args=pair))
                    threads[-1].start()

    listener = socket.create_server(("127.0.0.1", 0))
    heard = Tap(listener.getsockname()[1])
    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield heard
    finally:
        for end in (listener, *ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for thread in threads:
            thread.join()
        for end in (listener, *ends):
            end.close()
