"""What was known of each link of one server at the last look? A link that is gone has no row to say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from collectors.inside.replication import LinkState
from collectors.postgres.followed import followed, gone
from collectors.postgres.following import following
from collectors.postgres.rows import Copy, Here
from collectors.postgres.told import NOTHING_KNOWN, Past, Told

MISSED_FOR = timedelta(hours=1)  # one that followed and is gone is spoken of for so long
MOST_COPIES = 200
Name = tuple[str, str]
"""Of a copy: its slot's where it has one, else what it calls itself, and where it is."""


@dataclass(slots=True)
class Remembered:
    """Of one server. Times are by its clock; what it had applied is forgotten when it starts anew."""

    started: datetime | None = None
    upstream: Past = NOTHING_KNOWN
    copies: dict[Name, tuple[Copy, Past]] = field(default_factory=dict)

    def begin(self, here: Here) -> None:
        if self.started != here.started:
            self.started = here.started
            self.upstream = replace(self.upstream, in_step=None)

    def follow(self, here: Here) -> Told:
        told, self.upstream = following(here, self.upstream)
        return told

    def followers(self, rows: Iterable[Copy], here: Here) -> list[tuple[Copy, Told]]:
        """Those that there are, and those that there were."""
        found: list[tuple[Copy, Told]] = []
        present: set[Name] = set()
        for copy in rows:
            name = _name(copy)
            present.add(name)
            _, past = self.copies.get(name, (copy, NOTHING_KNOWN))
            told, now = followed(copy, here, past)
            found.append((copy, told))
            if _is_missed(copy, told) or name in self.copies:
                self.copies[name] = copy, now
        return found + (self._gone(present, here.asked) if here.may_see else [])

    def _gone(self, present: set[Name], now: datetime) -> list[tuple[Copy, Told]]:
        found = []
        for name, (copy, past) in list(self.copies.items()):
            if name in present:
                continue
            told, left = gone(past, now)
            if left.dead is None or now - left.dead > MISSED_FOR or len(self.copies) > MOST_COPIES:
                del self.copies[name]
                continue
            self.copies[name] = copy, left
            found.append((copy, told))
        return found


def _name(copy: Copy) -> Name:
    return copy.slot_name or copy.application_name or "", copy.client or ""


def _is_missed(copy: Copy, told: Told) -> bool:
    """Whether anybody would miss it: a copy that streams, and no backup that ends by itself."""
    return copy.state == "streaming" and not copy.temporary and told.state is not LinkState.UNKNOWN
