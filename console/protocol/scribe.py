"""Who gives a message its place in time? One scribe per publisher and epoch: the only maker of seq numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from console.protocol.body import Body
from console.protocol.message import Message
from console.protocol.topics import topic


class Scribe:
    def __init__(self, estate: str, who: str, epoch: str, now_ms: Callable[[], int]) -> None:
        self._estate = estate
        self._who = who
        self._epoch = epoch
        self._now_ms = now_ms
        self._seq = 0

    def write(self, kind: str, *parts: str, body: Body | Mapping[str, Any]) -> Message:
        """The next message of this epoch, about ``kind`` and the names that follow it."""
        return self.say(topic(self._estate, kind, *parts), kind, body)

    def say(self, text: str, kind: str, body: Body | Mapping[str, Any]) -> Message:
        """The next message of this epoch, on a topic as it is."""
        self._seq += 1
        return Message(text, kind, self._now_ms(), self._epoch, self._seq, self._who, plain(body))


def plain(body: Body | Mapping[str, Any]) -> Mapping[str, Any]:
    """JSON data; a field with its default value is left out, as whoever reads it puts it back."""
    return body.model_dump(mode="json", exclude_defaults=True) if isinstance(body, Body) else body
