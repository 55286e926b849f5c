"""What is left to read when a process of ours ends by an error?"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import time
import traceback

from collectors.errors import Trouble
from console.paths import state_dir

KEPT = 20  # logs of each role: an engine that fails for a week must not fill the disk


def last_words(role: str, error: BaseException) -> str:
    """One line for a person; a traceback, without the values of variables, goes to a log that it names."""
    if isinstance(error, Trouble):
        return error.line()
    said = " ".join(traceback.format_exception_only(error)[-1].split())
    return f"The {role} failed ({said}). {_write_log(role, error)}"


def log_faults() -> None:
    """Let a crash in C code leave a traceback too."""
    state, _ = state_dir()
    if state is None:
        return
    with contextlib.suppress(OSError):
        (state / "log").mkdir(mode=0o700, exist_ok=True)
        fd = os.open(state / "log" / "faults.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        faulthandler.enable(fd)


def _write_log(role: str, error: BaseException) -> str:
    """Where the traceback is, or why it is nowhere."""
    state, why = state_dir()
    if state is None:
        return f"No traceback is kept. {why}"
    folder = state / "log"
    path = folder / f"{role}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}.log"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.writelines(traceback.format_exception(error))
        for old in sorted(folder.glob(f"{role}-*.log"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as failed:
        return f"No traceback is kept ({path}: {failed.strerror})."
    return f"The traceback is in {path}."
