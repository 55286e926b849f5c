"""How do topic and payload lie on a byte stream? u32 big-endian length, u16 topic length, topic, payload."""

from __future__ import annotations

import struct

from console.protocol.codec import MOST_ON_WIRE
from console.protocol.link import ProtocolError
from console.protocol.topics import MOST_BYTES as MOST_TOPIC

HEADER = struct.Struct(">IH")  # the length counts what follows it: the topic's length, the topic, the payload
_TOPIC_LENGTH = 2


def pack(topic: str, payload: bytes) -> bytes:
    raw = topic.encode("utf-8")
    check(len(raw), len(payload))
    return HEADER.pack(_TOPIC_LENGTH + len(raw) + len(payload), len(raw)) + raw + payload


def lengths(header: bytes) -> tuple[int, int]:
    """Of the topic and of the payload; checked before a byte is allocated for either."""
    total, topic = HEADER.unpack(header)
    payload = total - _TOPIC_LENGTH - topic
    check(topic, payload)
    return topic, payload


def check(topic: int, payload: int) -> None:
    """Raise `ProtocolError` for lengths that no frame of ours has."""
    if not 0 < topic <= MOST_TOPIC or not 0 <= payload <= MOST_ON_WIRE:
        seen = f"a frame of {topic} + {payload} bytes"
        raise ProtocolError("The other side does not speak this protocol.", seen=seen)


def topic_of(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError("The other side does not speak this protocol.", seen="a topic that is no text") from error
