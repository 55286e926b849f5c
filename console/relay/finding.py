"""Which estate is shared by this broker, where none was named?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from collectors.errors import Trouble
from collectors.safe import Safe
from console.mqtt.carrier import Carrier, Heard
from console.mqtt.signing import Keys
from console.protocol.codec import decode, read
from console.protocol.meta import Meta
from console.protocol.refusal import Refused
from console.protocol.topics import ROOT, parse

FIRST_MAY_TAKE = 5.0  # seconds; what a broker keeps it tells at once
OTHERS_MAY_TAKE = 0.3  # after it
MOST = 500


async def find(carrier: Carrier, keys: Keys, url: str) -> str:
    """The only one, by what the broker keeps; `Trouble` that names them where there are several, or none."""
    await carrier.subscribe([f"{ROOT}/+/meta"])
    found: list[Heard] = []
    try:
        async with asyncio.timeout(FIRST_MAY_TAKE) as until:
            async for heard in carrier.heard():
                found.append(heard)
                if len(found) == MOST:
                    break
                until.reschedule(min(until.when() or 0.0, asyncio.get_running_loop().time() + OTHERS_MAY_TAKE))
    except TimeoutError:
        pass
    return the_one(estates(found, keys), url)


def estates(found: Iterable[Heard], keys: Keys) -> tuple[Safe, ...]:
    """By name; only those that are signed by somebody known, where there are such."""
    named: dict[Safe, bool] = {}
    for heard in found:
        try:
            message = decode(heard.topic, heard.payload, retained=heard.is_retained)
            if message is not None:
                read(Meta, message)
                estate = parse(heard.topic).estate
                named[estate] = named.get(estate, False) or keys.whose(message) is not None
        except Refused:
            continue
    return tuple(sorted(name for name, is_proved in named.items() if is_proved or not any(named.values())))


def the_one(names: tuple[Safe, ...], url: str) -> str:
    if not names:
        mend = "Start `dbconsole watch --share URL`, or name the estate with -e where this broker tells it to nobody."
        raise Trouble("No estate is shared by this broker.", seen=f"{url} keeps none", mend=mend)
    if len(names) > 1:
        mend = f"Name one: `dbconsole view {url} -e ESTATE`."
        raise Trouble("More than one estate is shared by this broker.", seen=", ".join(names[:12]), mend=mend)
    return str(names[0])
