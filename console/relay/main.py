"""The relay as a process: its log, its signals, its end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

from console.log_file import log_to
from console.mqtt.aiomqtt_carrier import dialler
from console.relay.relay import RelayEngine
from console.relay.way import way_of
from console.specs import RelaySpec

log = logging.getLogger("console.relay")


def main(spec: RelaySpec) -> NoReturn:
    """Run until no screen is left. Ends with `os._exit`: a name server that hangs must not hold the interpreter."""
    status = 1
    try:
        log_to(spec.log / "relay.log" if spec.log else None)
        asyncio.run(_until_told(RelayEngine(spec, way_of(spec.url, spec.estate, spec.share), dialler())))
        status = 0
    except BaseException:
        log.exception("the relay ends")
    finally:
        logging.shutdown()
        os._exit(status)


async def _until_told(relay: RelayEngine) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, relay.leave)
    try:
        await relay.run()
    finally:
        loop.set_default_executor(ThreadPoolExecutor())  # the one that was used may wait for a broker's address
