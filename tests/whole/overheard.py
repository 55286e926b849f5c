"""What is said on a link? Passes everything on, and remembers the messages of both directions."""

from __future__ import annotations

from console.protocol.codec import decode
from console.protocol.link import Link
from console.protocol.message import Message


class Overheard(Link):
    """A link with someone listening. Messages are in the order in which they passed."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.sent: list[Message] = []
        self.received: list[Message] = []

    @property
    def peer(self) -> str:
        return self._link.peer

    async def send(self, topic: str, payload: bytes) -> None:
        await self._link.send(topic, payload)
        self._keep(self.sent, topic, payload)

    async def receive(self) -> tuple[str, bytes]:
        topic, payload = await self._link.receive()
        self._keep(self.received, topic, payload)
        return topic, payload

    async def close(self) -> None:
        await self._link.close()

    @staticmethod
    def _keep(where: list[Message], topic: str, payload: bytes) -> None:
        message = decode(topic, payload)
        if message is not None:  # a deletion says nothing
            where.append(message)
