"""How often may something be done? Pure: the clock is passed in, in seconds."""

from __future__ import annotations

from collections import deque


class Pace:
    """``per_s`` in the long run, and ``at_once`` after a rest; in no second more than both together."""

    def __init__(self, per_s: float, at_once: float) -> None:
        self._apart = 1 / per_s
        self._slack = (at_once - 1) / per_s
        self._due = 0.0  # when the next turn is, at an even pace

    def has_room(self, now: float) -> bool:
        """Takes a turn, where there is one now."""
        if self._due - self._slack > now:
            return False
        self._due = max(self._due, now) + self._apart
        return True


class Window:
    """``most`` in any second, and those at once: an even pace would hold back what the engine says all at once."""

    def __init__(self, most: int) -> None:
        self._turns: deque[float] = deque(maxlen=most)

    def wait_s(self, now: float) -> float:
        """Takes the next turn; how long it is until then."""
        is_full = len(self._turns) == self._turns.maxlen
        due = max(now, self._turns[0] + 1.0) if is_full else now
        self._turns.append(due)
        return due - now
