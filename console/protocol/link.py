"""The border to whatever carries messages: a socket, an MQTT broker, a recording."""

from __future__ import annotations

from abc import ABC, abstractmethod

from collectors.errors import Trouble


class LinkClosed(Trouble):
    """Nothing more comes, or nobody listens any more."""


class ProtocolError(LinkClosed):
    """What came was no frame, so nothing after it can be trusted."""


class Link(ABC):
    """Carries payloads by topic, in both directions, in order, and knows nothing of what they mean.

    * `receive` raises `LinkClosed` once nothing more can come; what came before is delivered first.
    * `send` returns when the link has taken the payload; it may wait while the other side is slow, and may be
      cancelled while it waits, after which the link is to be closed. It raises `LinkClosed` when nobody listens.
    * A malformed or oversized frame closes the link with a `ProtocolError`: nothing after it can be trusted.
    """

    @property
    def peer(self) -> str:
        """Who is at the other side, as far as the link can prove it; empty where it cannot."""
        return ""

    @abstractmethod
    async def send(self, topic: str, payload: bytes) -> None: ...

    @abstractmethod
    async def receive(self) -> tuple[str, bytes]: ...

    @abstractmethod
    async def close(self) -> None:
        """Idempotent; wakes a waiting `receive`."""
