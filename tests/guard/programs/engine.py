"""An engine for tests of the guard: lives while a screen holds the lease, and is gone soon after."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

LEASE = "TEST_LEASE"  # names the file that a screen locks


def engine() -> None:
    """Ends when the lease has been given up, or was not taken within two seconds."""
    begin, taken = time.monotonic(), False
    with Path(os.environ[LEASE]).open("a") as lease:
        while True:
            try:
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                taken = True
            else:
                fcntl.flock(lease, fcntl.LOCK_UN)
                if taken or time.monotonic() > begin + 2:
                    os._exit(0)
            time.sleep(0.02)


def take_lease() -> int:
    """Hold the lease until this process is dead; to be called by the screen."""
    fd = os.open(os.environ[LEASE], os.O_RDWR | os.O_CREAT)
    fcntl.flock(fd, fcntl.LOCK_SH)
    return fd
