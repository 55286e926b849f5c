"""Who else sees the terminal that each action was asked from, and was it proved anew? As the screens have told."""

from __future__ import annotations

from dataclasses import dataclass

from console.access import onlookers
from console.access.refusal import Refusal


@dataclass(slots=True)
class Seen:
    """Of one operation."""

    watchers: int = onlookers.ALONE
    by_code: bool = False  # a second factor can be asked for
    is_proved: bool = False


class Onlookers:
    """``MOST`` operations: the desk keeps no more."""

    MOST = 1000

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}

    def planned(self, op: str, watchers: int) -> None:
        self._seen[op] = Seen(watchers)
        while len(self._seen) > self.MOST:
            del self._seen[next(iter(self._seen))]

    def proved(self, op: str) -> None:
        """By a code that AWS took for it, or by the word."""
        self._of(op).is_proved = True

    def takes_code(self, op: str, *, by_code: bool) -> None:
        self._of(op).by_code = by_code

    def watchers(self, op: str) -> int:
        return self._of(op).watchers

    def by_code(self, op: str) -> bool:
        return self._of(op).by_code

    def joined_since(self, op: str, watchers: int) -> Refusal | None:
        """Whether it is shared now and was not when it was planned: then the plan did not ask for a proof."""
        is_news = onlookers.is_shared(watchers) and not onlookers.is_shared(self.watchers(op))
        return onlookers.joined_since(watchers) if is_news else None

    def why_not(self, op: str, *, sends: bool) -> Refusal | None:
        """Before it is confirmed what will be asked for; when it is about to be sent, what was not given."""
        seen = self._of(op)
        if sends and onlookers.is_shared(seen.watchers):
            return None if seen.is_proved else onlookers.unproved(seen.watchers)
        return onlookers.to_prove(seen.watchers, by_code=seen.by_code)

    def _of(self, op: str) -> Seen:
        """What nobody planned at a screen is nobody's terminal."""
        return self._seen.setdefault(op, Seen())
