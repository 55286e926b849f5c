"""The present as a viewer hears it, as text or as a document: `view --once`. Loads neither Textual nor an engine."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import time

from console import __version__, check, environment, plain
from console.protocol.client import Client
from console.protocol.mirror import Mirror
from console.protocol.sockets import connect
from console.screen.values import ASCII_SIGNS, SIGNS
from console.view_address import is_by_broker, share_options, view_address

logging.getLogger().addHandler(logging.NullHandler())  # what went wrong is told in the answer


def view_once(options: argparse.Namespace) -> int:
    """What a running engine says at this moment."""
    mirror = asyncio.run(_by_broker(options) if is_by_broker(options) else _by_socket(options))
    now_ms = mirror.now_ms(time.monotonic()) or 0
    if options.json:
        told = check.document(mirror.meta, mirror.status, mirror.resources, now_ms, mirror.relay)
        print(json.dumps(told, ensure_ascii=False, indent=1), flush=True)
    else:
        kind = environment.symbols(options.symbols or environment.AUTO, environment.initial_environment())
        print(plain.text(mirror, now_ms, ASCII_SIGNS if kind == "ascii" else SIGNS), flush=True)
    return 0


async def _by_socket(options: argparse.Namespace) -> Mirror:
    link = await connect(view_address(options.address))
    async with Client(link, "once", __version__) as client:
        return client.mirror


async def _by_broker(options: argparse.Namespace) -> Mirror:
    from console.mqtt.aiomqtt_carrier import dialler  # noqa: PLC0415 - for those who ask a broker
    from console.relay.once import heard_once  # noqa: PLC0415
    from console.relay.way import way_of  # noqa: PLC0415

    return await heard_once(way_of(options.address or "", options.estate, share_options(options)), dialler())
