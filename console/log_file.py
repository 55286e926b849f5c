"""Where does an engine's log go? It holds no terminal to complain to, and works without one."""

from __future__ import annotations

import contextlib
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from console.last_words import log_faults


def log_to(path: Path | None) -> None:
    """A file that stays small; None where nothing can be kept."""
    logging.raiseExceptions = False  # a log that can no longer be written is no reason to say so on /dev/null
    handlers: list[logging.Handler] = [logging.NullHandler()]
    if path is not None:
        with contextlib.suppress(OSError):
            handlers = [RotatingFileHandler(path, maxBytes=1 << 20, backupCount=2, encoding="utf-8")]
    logging.basicConfig(level=logging.INFO, handlers=handlers, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    log_faults()
