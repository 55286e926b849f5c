"""A line between two programs that a test can cut, stall half-open and mend: bytes go through it as they come."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from typing import Self

_PIECE = 65536


class Severable:
    """Listens on a loopback port of its own. Cut: nobody gets in. Stalled: nobody is told, and nothing moves."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._wake, self._waker = socket.socketpair()
        self._lock = threading.Lock()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._is_cut = self._is_stalled = self._is_over = False
        self._is_heeded = threading.Event()
        self._thread = threading.Thread(target=self._carry, name="rig-severable", daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Both ends see the end of it, and a new connection ends at once."""
        self._change(cut=True, stalled=False)

    def stall(self) -> None:
        """As a firewall that forgot the connection: both ends believe that they are connected."""
        self._change(cut=False, stalled=True)

    def mend(self) -> None:
        self._change(cut=False, stalled=False)

    def lead(self, to: int) -> None:
        """To another port of loopback from now on, as a name that stands for another address."""
        with self._lock:
            self._to = to

    def close(self) -> None:
        with self._lock:
            self._is_over = True
        self._waker.send(b"x")
        self._thread.join()
        for end in (self._listener, self._wake, self._waker):
            end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _change(self, *, cut: bool, stalled: bool) -> None:
        with self._lock:
            self._is_cut, self._is_stalled = cut, stalled
            self._is_heeded.clear()
        self._waker.send(b"x")
        self._is_heeded.wait()

    def _carry(self) -> None:
        while True:
            with self._lock:
                is_cut, is_stalled, is_over = self._is_cut, self._is_stalled, self._is_over
            if is_cut or is_over:
                for end in list(self._pairs):
                    self._drop(end)
            if is_over:
                return
            with self._lock:
                if (is_cut, is_stalled) == (self._is_cut, self._is_stalled):
                    self._is_heeded.set()
            watched = [self._wake] if is_stalled else [self._wake, self._listener, *self._pairs]
            for ready in select.select(watched, [], [])[0]:
                if ready is self._wake:
                    self._wake.recv(64)
                elif ready is self._listener:
                    self._let_in(refuse=is_cut)
                elif ready in self._pairs:
                    self._pass_on(ready)

    def _let_in(self, *, refuse: bool) -> None:
        near, _ = self._listener.accept()
        far = None
        if not refuse:
            with self._lock:
                to = self._to
            with contextlib.suppress(OSError):
                far = socket.create_connection(("127.0.0.1", to))
        if far is None:
            near.close()
            return
        self._pairs[near], self._pairs[far] = far, near

    def _pass_on(self, end: socket.socket) -> None:
        try:
            data = end.recv(_PIECE)
            self._pairs[end].sendall(data)
        except OSError:
            data = b""
        if not data:
            self._drop(end)

    def _drop(self, end: socket.socket) -> None:
        other = self._pairs.pop(end, None)
        end.close()
        if other is not None:
            self._drop(other)
