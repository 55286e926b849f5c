"""Which resource is it that a server calls by a name of its own? Learnt from those that were asked themselves."""

from __future__ import annotations

from datetime import datetime

from collectors.readings import ResourceId

STANDBY = "Multi-AZ standby"  # RDS's own: nobody can log in to it


class Names:
    """A resource has the names of its last answer: after a failover another node answers for it."""

    def __init__(self) -> None:
        self._names: dict[ResourceId, frozenset[str]] = {}

    def learn(self, about: ResourceId, names: frozenset[str]) -> None:
        self._names[about] = names

    def resource(self, name: str | None) -> ResourceId | None:
        """None where no server that was asked is called so, or more than one is."""
        wanted = (name or "").casefold()
        found = [about for about, names in self._names.items() if wanted in names]
        return found[0] if len(found) == 1 else None

    def known(self, called: str) -> ResourceId | None:
        """The resource itself, where that is how a link calls its other end."""
        return next((about for about in self._names if about == called), None)


class Heard:
    """When each link, or each database's, was last seen to live: what the views tell of a dead one is old, or gone."""

    def __init__(self) -> None:
        self._at: dict[tuple[ResourceId, str], datetime] = {}

    def of(
        self, about: ResourceId, link: str, now: datetime, *, lives: bool, told: datetime | None = None
    ) -> datetime | None:
        """``told``: the newest that the server itself knows of the other end."""
        key = (about, link)
        if lives:
            self._at[key] = now
        elif told is not None and (key not in self._at or told > self._at[key]):
            self._at[key] = min(told, now)
        return self._at.get(key)
