"""May it be asked now? What fails again and again is left alone for longer and longer, and tried by one pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

State = Literal["closed", "open", "half-open"]

OPENS_AFTER = 3  # failures in a row: one may be chance, and a second its echo
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=5)  # somebody waits for it to be well again
_DOUBLINGS = 8  # more would be longer than the longest


@dataclass(frozen=True, slots=True)
class Breaker:
    """Never changed: each event gives another. Closed: it is asked as usual; open: not; half-open: one pass decides."""

    state: State = "closed"
    failures: int = 0  # in a row

    def failed(self) -> Breaker:
        failures = self.failures + 1
        return Breaker("open" if failures >= OPENS_AFTER else "closed", failures)

    def succeeded(self) -> Breaker:
        return Breaker()

    def tried(self) -> Breaker:
        """A pass begins."""
        return replace(self, state="half-open") if self.state == "open" else self

    def wait(self, every: timedelta) -> timedelta:
        """From a failure to the next pass: never shorter than usual."""
        if self.state == "closed":
            return every
        doubled = FIRST_WAIT * (1 << min(self.failures - OPENS_AFTER, _DOUBLINGS))
        return max(every, min(doubled, LONGEST_WAIT))


CLOSED = Breaker()
