"""Why was something that came in not taken, and how often does that happen?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from collectors.errors import Trouble


class Refused(Trouble):
    """A payload, topic or body that is not taken; ``reason`` is one short word to count by."""

    def __init__(self, reason: str, what: str, *, seen: str = "", mend: str = "") -> None:
        super().__init__(what, seen=seen, mend=mend)
        self.reason = reason


class TurnedAway(Trouble):
    """The other side listens, and has said why it does not let us in."""


class Tally:
    """Counts refusals by reason. Reasons are words of this program, so there are few."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def count(self, refusal: Refused) -> None:
        self._counts[refusal.reason] += 1

    @property
    def by_reason(self) -> Mapping[str, int]:
        return dict(self._counts)

    @property
    def total(self) -> int:
        return self._counts.total()
