"""A message: who says what about which topic, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VERSION = 1


@dataclass(frozen=True, slots=True)
class Message:
    """An envelope with its topic. ``body`` is plain JSON data; `codec.read` gives it a type."""

    topic: str
    kind: str
    at: int  # the publisher's UTC, ms
    epoch: str  # a ULID for each start of an engine
    seq: int  # +1 for each message of an epoch, over all topics
    who: str
    body: Mapping[str, Any]
    kid: str | None = None
    sig: str | None = None
