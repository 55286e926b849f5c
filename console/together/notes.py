"""What was noted? One line each with its time; the last ones are kept, and nobody can drown the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from collectors.errors import Trouble
from collectors.safe import Safe
from console.protocol.together import Note

MOST_TEXT = 400  # characters
KEPT, KEPT_UNPROVED = 200, 40  # of those that nobody proves fewer: they push out no others
AT_ONCE, EACH_S = 10, 3.0  # by one user: so many in one go, then one in so many seconds
NOBODY = Safe("")  # all that are unproved share one allowance: their names cost nothing


@dataclass(frozen=True, slots=True)
class Allowance:
    left: float
    at: float


@dataclass(frozen=True, slots=True)
class Rates:
    """How much each may still say."""

    by_user: Mapping[Safe, Allowance] = field(default_factory=dict)

    def taken(self, user: Safe, now: float) -> Rates:
        """One less for them; raises `Trouble` where nothing is left."""
        left = self._left(user, now)
        if left < 1:
            raise Trouble(f"That is more than {AT_ONCE} notes in a short time.", mend="Wait a few seconds.")
        full = {each for each in self.by_user if self._left(each, now) >= AT_ONCE}
        kept = {each: there for each, there in self.by_user.items() if each not in full}
        return Rates({**kept, user: Allowance(left - 1, now)})

    def _left(self, user: Safe, now: float) -> float:
        there = self.by_user.get(user)
        return float(AT_ONCE) if there is None else min(float(AT_ONCE), there.left + (now - there.at) / EACH_S)


def checked(text: Safe) -> Safe:
    """Raises `Trouble` for one that says nothing or too much."""
    if not text.strip():
        raise Trouble("An empty note says nothing.", mend="Type it before Enter.")
    if len(text) > MOST_TEXT:
        raise Trouble(f"A note has at most {MOST_TEXT} characters.", seen=f"{len(text)}", mend="Make it two.")
    return text


def pushed_out(notes: Mapping[str, Note]) -> list[str]:
    """The ids of those that there is no room for any more, the oldest first."""
    ids = sorted(notes)
    unproved = [each for each in ids if not notes[each].is_proved]
    out = unproved[: max(0, len(unproved) - KEPT_UNPROVED)]
    rest = [each for each in ids if each not in set(out)]
    return sorted([*out, *rest[: max(0, len(rest) - KEPT)]])
