"""What was entered, as lines of JSON that the next emulator of the same play reads: a killed one has forgotten nothing.

The first line says whose play it is. A last line that was not finished is not there.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

log = logging.getLogger(__name__)

FORMAT = 2
WAITED_S, LOOKED_S = 5.0, 0.02
Entry = dict[str, Any]


class Journal:
    """``path`` None, or where nothing can be kept: it is in memory, and whoever is started next begins anew."""

    def __init__(self, path: Path | None = None, run: str = "") -> None:
        self._file: int | None = None
        self._found: list[tuple[str, Entry]] = []
        self._writing = threading.Lock()
        file = None if path is None else _opened(path)
        if file is not None:
            _lock(file)
            self._file = file if self._begin(file, {"format": FORMAT, "run": run}) else None

    def before(self, kind: str) -> Iterator[Entry]:
        """What the emulators before this one have entered, in its order."""
        return (entry for each, entry in self._found if each == kind)

    def enter(self, kind: str, entry: Entry) -> None:
        """On disk when it returns. A disk that is full takes nothing from the demo but its memory."""
        with self._writing:
            if self._file is not None:
                try:
                    _write(self._file, {"kind": kind, "entry": entry})
                except OSError as error:
                    log.warning("what was done will not outlive this emulator: %s", error)

    def close(self) -> None:
        with self._writing:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _begin(self, file: int, head: Entry) -> bool:
        """Whether it can be written."""
        raw = os.pread(file, os.fstat(file).st_size, 0)
        whole = raw[: raw.rfind(b"\n") + 1]
        first, *lines = map(_loaded, whole.splitlines() or [b""])
        if first == head:
            self._found = [(line["kind"], line["entry"]) for line in lines if line.keys() == {"kind", "entry"}]
            os.ftruncate(file, len(whole))
            return True
        log.info("it is another play: what was done in it begins anew")
        try:
            os.ftruncate(file, 0)
            _write(file, head)
        except OSError as error:
            log.warning("what is done will not outlive this emulator: %s", error)
            os.close(file)
            return False
        return True


def _opened(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        log.warning("what is done will not outlive this emulator: %s", error)
        return None


def _lock(file: int) -> None:
    """The one before may still be about to die; no two write at once."""
    deadline = time.monotonic() + WAITED_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(LOOKED_S)
        else:
            return


def _loaded(line: bytes) -> Entry:
    """Nothing, where it is no entry."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _write(file: int, line: Entry) -> None:
    left = orjson.dumps(line) + b"\n"
    begun = os.fstat(file).st_size
    try:
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(file, begun)  # half a line would spoil the next
        raise
