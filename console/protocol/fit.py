"""How does a message with a long text still fit? Its text is cut, and it says so."""

from __future__ import annotations

from dataclasses import replace

from collectors.safe import DETAIL_LIMIT
from console.protocol.codec import encode
from console.protocol.message import Message
from console.protocol.refusal import Refused


def encode_fitting(message: Message) -> bytes:
    """The payload; where only `text` makes it too large, as much of that as fits, with `cut: true`."""
    text = message.body.get("text")
    if not isinstance(text, str):
        return encode(message)
    if len(text) <= DETAIL_LIMIT:
        try:
            return encode(message)
        except Refused as refusal:
            if refusal.reason != "large":
                raise
    fits, too_long = 0, min(len(text), DETAIL_LIMIT) + 1
    payload = encode(_cut(message, text, 0))  # raises if it is not the text that is too much
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        try:
            payload = encode(_cut(message, text, middle))
        except Refused:
            too_long = middle
        else:
            fits = middle
    return payload


def _cut(message: Message, text: str, length: int) -> Message:
    return replace(message, body={**message.body, "text": text[:length], "cut": True}, kid=None, sig=None)
