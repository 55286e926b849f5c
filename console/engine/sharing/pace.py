"""How often may something be done? Pure: the clock is passed in, in seconds."""

from __future__ import annotations


class Pace:
    """``per_s`` in the long run, and ``at_once`` after a rest; in no second more than both together."""

    def __init__(self, per_s: float, at_once: float) -> None:
        self._apart = 1 / per_s
        self._slack = (at_once - 1) / per_s
        self._due = 0.0  # when the next turn is, at an even pace

    def wait_s(self, now: float) -> float:
        """Takes the next turn; how long it is until then."""
        wait = max(0.0, self._due - self._slack - now)
        self._due = max(self._due, now) + self._apart
        return wait

    def has_room(self, now: float) -> bool:
        """Takes a turn, where there is one now."""
        if self._due - self._slack > now:
            return False
        self._due = max(self._due, now) + self._apart
        return True
