"""Has the looks file changed? Asked about once a second, in a thread: a home over the network may hang."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

EVERY_S = 1.0
State = tuple[int, int, int] | None  # None: there is no file


def state_of(path: Path) -> State:
    """Another state: another file, or the same one written to."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


class Watch:
    """Calls ``changed``, in its thread, whenever the file is not as it was ``known`` to be."""

    def __init__(self, path: Path, known: State, changed: Callable[[], None]) -> None:
        self._path, self._known, self._changed = path, known, changed
        self._ended = threading.Event()
        threading.Thread(target=self._run, name="looks-watch", daemon=True).start()

    def end(self) -> None:
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(EVERY_S):
            now = state_of(self._path)
            if now != self._known:
                self._known = now
                self._changed()
