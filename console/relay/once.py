"""What a publisher says at this moment, heard by a broker, and no more."""

from __future__ import annotations

import asyncio
import time

from console import __version__
from console.mqtt.carrier import Dial
from console.protocol.client import Client
from console.protocol.memory import pair
from console.protocol.mirror import Mirror
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve
from console.relay.hearing import Hearing, Way

QUIET_S = 0.7  # without a new topic; meanwhile the publisher tells anew what is there, as it was asked
MOST_S = 5.0


async def heard_once(way: Way, dial: Dial) -> Mirror:
    """All that was told until it fell quiet; `Trouble` where nobody tells anything."""
    hearing = Hearing(way, dial)
    running = asyncio.create_task(hearing.run())
    try:
        await hearing.ready.wait()
        if hearing.refusal is not None:
            raise hearing.refusal
        until, known = time.monotonic() + MOST_S, -1
        while hearing.topics != known and time.monotonic() < until:
            known = hearing.topics
            await asyncio.sleep(QUIET_S)
        return await _told(hearing)
    finally:
        running.cancel()
        await asyncio.wait({running})


async def _told(hearing: Hearing) -> Mirror:
    here, there = pair()
    requests = Requests(hearing.asking)
    serving = asyncio.create_task(
        serve(there, hearing.hub, access=Access.VIEW, version=__version__, answer=requests)
    )
    try:
        async with Client(here, "once", __version__) as client:
            return client.mirror
    finally:
        await serving
