"""What may a rule look at? One resource, those it copies from and to, what was promised of it, and the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from collectors.inside.replication import Link, Replication, ReplicationByAws
from collectors.readings import Inside, ResourceId
from collectors.safe import sanitise
from console.estate.resource import Resource

Fact = TypeVar("Fact", bound=Inside)
FRESH = timedelta(minutes=3)  # what a database told of its copies: older, and AWS knows better


@dataclass(frozen=True, slots=True)
class Frame:
    """``promised``: targets of the profile's objectives about this resource, in seconds, by measure."""

    resource: Resource
    now: datetime
    others: Mapping[ResourceId, Resource] = field(default_factory=dict)
    promised: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, float] = field(default_factory=dict)  # the first of the profile's thresholds, by value

    def value(self, name: str) -> float | None:
        """The latest of one series; None where it is not known."""
        latest = self.resource.latest.get(sanitise(name))
        return None if latest is None else latest.value

    def fact(self, kind: type[Fact]) -> Fact | None:
        found = self.resource.inside.get(kind.part)
        return found if isinstance(found, kind) else None

    def upstream(self) -> tuple[Link, ...]:
        """What it follows: as its database tells, or AWS where that is silent."""
        fact = self._copying(self.resource)
        return fact.upstream if fact else ()

    def unseen_copies(self) -> tuple[Link, ...]:
        """What follows it and cannot be asked itself, such as a standby: nobody else tells of those."""
        fact = self._copying(self.resource)
        return tuple(link for link in fact.downstream if not self._tells(link.copy)) if fact else ()

    def _tells(self, name: str) -> bool:
        other = self.others.get(ResourceId(sanitise(name)))
        return other is not None and self._copying(other) is not None

    def _copying(self, resource: Resource) -> Replication | None:
        own, by_aws = resource.inside.get(Replication.part), resource.inside.get(ReplicationByAws.part)
        fresh = own is not None and self.now - own.observed <= FRESH
        chosen = own if fresh or by_aws is None else by_aws
        return chosen if isinstance(chosen, Replication) else None
