"""How do bytes reach a terminal that may not be read? In a thread of their own, so that nobody waits for it."""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from collections.abc import Callable

CHUNK = 4096  # what may still be written after the outlet was given up


class Outlet:
    """Writes in order, for ever if need be; `write` never waits. It asks its callers not to send frames while busy."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._waiting: deque[bytes] = deque()
        self._changed = threading.Condition()  # its lock is re-entrant: a signal handler may write within a write
        self._writing = False
        self._closing = False
        self._given_up = False
        self._drained: Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether something is still unwritten."""
        with self._changed:
            return self._writing or bool(self._waiting)

    def write(self, data: bytes) -> None:
        with self._changed:
            if not self._given_up:
                self._waiting.append(data)
                self._changed.notify_all()

    def when_drained(self, call: Callable[[], None]) -> None:
        """Call once when nothing is left to write: at once if so now, else from the writing thread."""
        with self._changed:
            if self.busy:
                self._drained = call
                return
        call()

    def stop(self, patience: float) -> bool:
        """Write what is left within ``patience`` seconds, else give it up; whether all was written."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(patience)
        with self._changed:
            complete = not self.busy
            self._given_up = True
            self._waiting.clear()
        return complete

    def _run(self) -> None:
        while (data := self._next()) is not None:
            gone = not self._send(data)
            with self._changed:
                self._writing = False
                if gone:  # the terminal was closed: what follows has no reader
                    self._given_up = True
                    self._waiting.clear()
                drained = None if self._waiting else self._drained
                if drained:
                    self._drained = None
            if drained:
                drained()

    def _next(self) -> bytes | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if not self._waiting:
                return None
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._writing = True
            return data

    def _send(self, data: bytes) -> bool:
        rest = memoryview(data)
        while rest and not self._given_up:
            try:
                rest = rest[os.write(self._fd, rest[:CHUNK]) :]
            except BlockingIOError:  # someone who shares the terminal made it non-blocking
                select.select([], [self._fd], [], 1.0)
            except OSError:
                return False
        return True
