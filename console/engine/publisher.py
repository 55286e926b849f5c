"""What has changed in the estate, as messages: whole resources when their shape changes, ticks for values in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from collectors.readings import Happened, ResourceId
from console.engine.pacing import MOST_PER_S, Pacing
from console.estate.estate import Estate
from console.estate.render import hist_body, res_body
from console.protocol.bodies import Body, Event, Meta, Status, Tick
from console.protocol.hub import Hub
from console.protocol.scribe import Scribe

MOST_IN_A_TICK = 200


class Publisher:
    """Publishes one estate to one hub. `step` is called once a second; times are of the monotonic clock."""

    def __init__(
        self, estate: Estate, hub: Hub, scribe: Scribe, meta: Callable[[], Meta], status: Callable[[], Status]
    ) -> None:
        self._estate = estate
        self._hub = hub
        self._scribe = scribe
        self._meta = meta
        self._status = status
        self._pacing = Pacing()
        self._wanted: dict[str, None] = {}  # topics after the estate that are to be published, in order of wish
        self._seen: tuple[ResourceId, ...] = ()
        self._last_tick = 0
        self._said: dict[str, Body] = {}  # what meta and status said last
