"""The border to an MQTT client library: one connection to one broker, from its CONNECT to its end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from console.mqtt.address import Broker
from console.protocol.link import LinkClosed

KEEP_ALIVE_S = 10
ANSWERING_MAY_TAKE_S = 5.0
MOST_WAITING = 1_000  # messages that came and were not taken yet; then the oldest go, and are counted


class BrokerLost(LinkClosed):
    """The connection has ended, or never came to be. ``what`` and ``seen`` say which."""


class BrokerRefused(BrokerLost):
    """It answers and does not let us in: a login, a certificate, or a subscription. Trying again will not help soon."""


@dataclass(frozen=True, slots=True)
class Heard:
    topic: str
    payload: bytes
    is_retained: bool  # kept by the broker from before we subscribed


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes, retained, when we are gone without a word."""

    topic: str
    payload: bytes


class Carrier(ABC):
    """Made anew for each attempt, and used once: `async with` connects.

    * Entering raises `BrokerLost`, or `BrokerRefused` in words for a person; MQTT 5 is tried first, then 3.1.1.
    * `publish` returns when the broker has taken it (``assured``: QoS 1, which says nothing about rights: a refused
      publish is silent) or when it was handed to the network (QoS 0). It raises `BrokerLost`, and `Refused` for what
      no broker would carry: more than 64 KiB, or more than 7 slashes.
    * `subscribe` raises `BrokerRefused` for a filter that was not granted.
    * `heard` ends with `BrokerLost`. What comes faster than it is taken is kept to `MOST_WAITING`, oldest dropped:
      ``dropped`` counts them.
    """

    dropped: int = 0
    denied: int = 0  # publishes that the broker confirmed and did not pass on; only MQTT 5 says so
    version: str = ""  # 5 or 3.1.1, once connected

    @abstractmethod
    async def __aenter__(self) -> Self: ...

    @abstractmethod
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @abstractmethod
    async def publish(
        self, topic: str, payload: bytes, *, retain: bool, assured: bool, expires_s: int | None = None
    ) -> None:
        """``expires_s``: after which a broker of MQTT 5 forgets it."""

    @abstractmethod
    async def subscribe(self, filters: Sequence[str]) -> None: ...

    @abstractmethod
    def heard(self) -> AsyncIterator[Heard]: ...


Dial = Callable[[Broker, Will | None], Carrier]
"""Makes a carrier that is not connected yet."""
