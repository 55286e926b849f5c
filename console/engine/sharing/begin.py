"""Is an engine to be shared, and how? What speaks MQTT is loaded only where it is."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

from collectors.errors import Trouble
from collectors.safe import sanitise
from console.engine.core import Core
from console.engine.sharing.embedded import ByItself
from console.engine.sharing.sharing import Sharing
from console.mqtt.address import Broker
from console.mqtt.carrier import Carrier, Dial, Will
from console.mqtt.embedded import is_embedded
from console.mqtt.opening import Opening, address, sharing_of
from console.mqtt.opening import Sharing as Opened
from console.protocol.requests import Requests
from console.specs import ShareOptions
from profiles.share import Share


def begin(share: Share, options: ShareOptions, core: Core, requests: Requests, folder: Path) -> Sharing | None:
    """What keeps this engine shared; None where nobody asks for it. `options` go before the profile.

    ``folder`` is the engine's own directory for sockets.
    """
    url = address(share, options)
    if url is None:
        return None
    own = is_embedded(url)
    opening = ByItself(url, share, options, folder, core.estate_name) if own else ByBroker(share, options)
    return Sharing(core, requests, sanitise(url), opening, _dial)


def shared_at(share: Share, options: ShareOptions) -> str:
    """Where it can be viewed, as far as that is known before it is shared; empty: it is not."""
    url = address(share, options)
    return "" if url is None or is_embedded(url) else url


class ByBroker(Opening):
    """One that is there already. What it needs is read anew for each attempt: a password may have been changed."""

    def __init__(self, share: Share, options: ShareOptions) -> None:
        self._share, self._options = share, options

    async def open(self) -> Opened:
        return await asyncio.to_thread(self._opened)

    async def close(self) -> None:
        """Nothing of it is ours."""

    def _opened(self) -> Opened:
        opened = sharing_of(self._share, self._options)
        if opened is None:
            raise Trouble("Nobody says where to share.", mend="Name it with `--share`, or in the profile's [share].")
        _dialler()
        return opened


def _dial(broker: Broker, will: Will | None) -> Carrier:
    return _dialler()(broker, will)


@cache
def _dialler() -> Dial:
    from console.mqtt.aiomqtt_carrier import dialler  # noqa: PLC0415 - only where something is shared

    return dialler()
