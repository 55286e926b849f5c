"""Is there still somebody? Actions are locked where no key came for a while, and the next key does not unlock them.

Whoever finds an open session can press a key. What unlocks is an act of its own, which asks for the second factor where
the profile names a device; where it names none, it asks for nothing that a finder would not have, and is written down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from console.access.moment import Moment, age
from console.access.refusal import Refusal, refusal

ACTS_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Idle:
    """Of one control screen."""

    last_key: Moment
    is_locked: bool = False

    def at(self, now: Moment) -> Idle:
        """To be asked before whatever counts as a key, or a lock that was due would be missed."""
        return self if self.is_locked else replace(self, is_locked=age(self.last_key, now) >= ACTS_FOR)

    def key(self, now: Moment) -> Idle:
        """One was pressed."""
        return replace(self.at(now), last_key=now)

    def unlocked(self, now: Moment) -> Idle:
        """Somebody has shown who is there."""
        return Idle(now)

    def why_locked(self, now: Moment) -> Refusal | None:
        if not self.at(now).is_locked:
            return None
        minutes = int(age(self.last_key, now).total_seconds() // 60)
        seen = f"the last key came {minutes} min ago" if minutes else "no key had come for a while"
        most = int(ACTS_FOR.total_seconds() // 60)
        mend = "Unlock them with `:unlock`; viewing goes on."
        return refusal(f"Actions are locked: nobody was here for {most} min.", seen, mend)
