"""How much of what comes is taken: so many messages a second, so many topics, so many bytes."""

from __future__ import annotations

from typing import ClassVar

from console.protocol.refusal import Refused

PER_S, AT_ONCE = 400, 6_000
"""A publisher says at most 80 a second, and a broker tells whoever joins all that it keeps at once."""


class Pace:
    """A bucket of messages that may come; ``now`` is of one monotonic clock."""

    def __init__(self) -> None:
        self._room = float(AT_ONCE)
        self._last: float | None = None

    def has_room(self, now: float) -> bool:
        """Whether one more is taken."""
        elapsed = 0.0 if self._last is None else now - self._last
        self._last = now
        self._room = min(AT_ONCE, self._room + elapsed * PER_S)
        if self._room < 1:
            return False
        self._room -= 1
        return True


class Bounds:
    """What is kept of state. `hold` raises `Refused` for what finds no room."""

    MOST_TOPICS: ClassVar = 6_000
    MOST_BYTES: ClassVar = 48 * 1024 * 1024

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}
        self._bytes = 0

    def hold(self, text: str, size: int) -> None:
        known = self._sizes.get(text)
        more = size - (known or 0)
        if (known is None and len(self._sizes) >= self.MOST_TOPICS) or self._bytes + more > self.MOST_BYTES:
            raise Refused("many", "More is said than any estate has.")
        self._sizes[text] = size
        self._bytes += more

    def release(self, text: str) -> None:
        self._bytes -= self._sizes.pop(text, 0)
