"""What happened lately, and how much of it has someone missed?"""

from __future__ import annotations

from collections import deque
from itertools import islice

KEPT = 1_000
FIRST_TOLD = 200  # of them, to whoever joins: as many as a mirror keeps

Item = tuple[str, bytes]


class Ring:
    """The last thousand events. A position counts all that ever came."""

    def __init__(self) -> None:
        self._items: deque[Item] = deque(maxlen=KEPT)
        self.end = 0  # the position after the newest

    def __len__(self) -> int:
        return len(self._items)

    def add(self, topic: str, payload: bytes) -> None:
        self._items.append((topic, payload))
        self.end += 1

    def recent(self) -> int:
        """The position from which whoever joins is told."""
        return self.end - min(len(self._items), FIRST_TOLD)

    def since(self, position: int, most: int) -> tuple[int, list[Item]]:
        """How many are lost after ``position``, and then the oldest that are left, at most ``most``."""
        first = self.end - len(self._items)
        lost = max(0, first - position)
        skipped = max(0, position - first)
        return lost, list(islice(self._items, skipped, skipped + most))
