"""Is an engine to be shared, and how? What speaks MQTT is loaded only where it is."""

from __future__ import annotations

from functools import cache, partial

from collectors.errors import Trouble
from collectors.safe import sanitise
from console.engine.core import Core
from console.engine.sharing.sharing import Sharing
from console.mqtt.address import Broker
from console.mqtt.carrier import Carrier, Dial, Will
from console.mqtt.opening import Sharing as Opened
from console.mqtt.opening import address, sharing_of
from console.protocol.requests import Requests
from console.specs import ShareOptions
from profiles.share import Share


def begin(share: Share, options: ShareOptions, core: Core, requests: Requests) -> Sharing | None:
    """What keeps this engine shared; None where nobody asks for it. `options` go before the profile."""
    url = address(share, options)
    if url is None:
        return None
    return Sharing(core, requests, sanitise(url), partial(_opened, share, options), _dial)


def _opened(share: Share, options: ShareOptions) -> Opened:
    """Blocks: it reads keys and certificates, and loads what is needed."""
    opened = sharing_of(share, options)
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
