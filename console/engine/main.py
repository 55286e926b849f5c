"""The engine as a process: its log, its signals, its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from logging.handlers import RotatingFileHandler
from typing import NoReturn

from console.engine.engine import Engine
from console.last_words import log_faults
from console.specs import EngineSpec

log = logging.getLogger("console.engine")


def main(spec: EngineSpec, engine: Callable[[EngineSpec], Engine] = Engine) -> NoReturn:
    """Run until no lease is left. Ends with `os._exit`: a collector's hung call must not hold the interpreter."""
    status = 1
    try:
        _log_to_file(spec)
        asyncio.run(_until_told(engine(spec)))
        status = 0
    except BaseException:
        log.exception("the engine ends")
    finally:
        logging.shutdown()
        os._exit(status)


async def _until_told(engine: Engine) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, engine.leave)
    try:
        await engine.run()
    finally:
        loop.set_default_executor(ThreadPoolExecutor())  # the one that was used may wait for a broker's address


def _log_to_file(spec: EngineSpec) -> None:
    """Where state can be kept; the engine holds no terminal to complain to, and works without a log."""
    logging.raiseExceptions = False  # a log that can no longer be written is no reason to say so on /dev/null
    handlers: list[logging.Handler] = [logging.NullHandler()]
    if spec.state is not None:
        with contextlib.suppress(OSError):
            path = spec.state / "engine.log"
            handlers = [RotatingFileHandler(path, maxBytes=1 << 20, backupCount=2, encoding="utf-8")]
    logging.basicConfig(level=logging.INFO, handlers=handlers, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    log_faults()
