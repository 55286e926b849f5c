"""What does a broker still keep of our estate that is no more? Heard on a connection of its own, for a moment."""

from __future__ import annotations

import asyncio

from console.mqtt.address import Broker
from console.mqtt.carrier import Dial
from console.protocol.topics import ROOT

LISTENS_S = 10.0  # at most
QUIET_S = 1.0  # what is kept comes at once; after so long without any of it there is no more
MOST = 5_000


async def kept(dial: Dial, broker: Broker, estate: str) -> list[str]:
    """The topics of which it keeps something; ``estate`` as it is written in a topic. Raises `BrokerLost`."""
    found: dict[str, None] = {}
    now = asyncio.get_running_loop().time
    async with dial(broker, None) as carrier:
        await carrier.subscribe([f"{ROOT}/{estate}/+", f"{ROOT}/{estate}/+/+"])
        last = now() + LISTENS_S
        try:
            async with asyncio.timeout_at(now() + QUIET_S) as quiet:
                async for message in carrier.heard():
                    if message.is_retained and len(found) < MOST:  # beside it comes what is said meanwhile
                        found.setdefault(message.topic)
                        quiet.reschedule(min(last, now() + QUIET_S))
        except TimeoutError:
            pass
    return list(found)
