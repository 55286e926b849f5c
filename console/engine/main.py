"""The engine as a process: its log, its signals, its end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

from console.engine.engine import Engine
from console.log_file import log_to
from console.specs import EngineSpec

log = logging.getLogger("console.engine")


def main(spec: EngineSpec, engine: Callable[[EngineSpec], Engine] = Engine) -> NoReturn:
    """Run until no lease is left. Ends with `os._exit`: a collector's hung call must not hold the interpreter."""
    status = 1
    try:
        log_to(spec.state / "engine.log" if spec.state else None)
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
