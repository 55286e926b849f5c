"""One file that outlives the program: replaced whole, for its owner alone, never through somebody else's link."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from collectors.threads import Threads

log = logging.getLogger(__name__)

BUSY_FOR_S = 2.0  # how long a write waits for the one before it; a disk that hangs must not keep anybody


class KeptFile:
    """What cannot be read or written is logged, and whoever needs it goes on without."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = threading.Lock()
        self._threads = Threads(1)
        self._written: tuple[bytes, ...] | None = None

    def read(self) -> bytes | None:
        """All of it; None where there is none."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("%s cannot be read: %s", self.path, error)
            return None

    def write(self, parts: Sequence[bytes]) -> None:
        """Beside the old one, then in its place. What is there already is not written again."""
        wanted = tuple(parts)
        if not self._writing.acquire(timeout=BUSY_FOR_S):
            log.warning("%s cannot be kept: the write before has not ended", self.path)
            return
        try:
            if wanted != self._written:
                self._replace(wanted)
                self._written = wanted
        except OSError as error:
            log.warning("%s cannot be kept: %s", self.path, error)
        finally:
            self._writing.release()

    async def write_soon(self, parts: Sequence[bytes]) -> None:
        """As `write`, in a thread: a disk that hangs holds up neither the loop nor the interpreter's end."""
        await self._threads.call(str(self.path), partial(self.write, parts))

    def _replace(self, parts: Sequence[bytes]) -> None:
        beside = self.path.with_suffix(".new")
        fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.writelines(parts)
        beside.replace(self.path)
