"""What is one resource, as its service lists it and before it has an id?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from collectors.aws.answers import NOTHING, account_of
from collectors.aws.known import Found
from collectors.aws.names import Thing
from collectors.aws.place import Place
from collectors.aws.ties import NO_TIES, Ties
from collectors.readings import Described, ResourceId
from collectors.safe import Safe, sanitise


@dataclass(frozen=True, slots=True)
class Listed:
    """Texts that are `Safe` are shown; the others are AWS's own, to ask by."""

    kind: Safe
    name: str
    engine: Safe
    arn: str
    namespace: str
    dimensions: tuple[tuple[str, str], ...]
    role: Safe = NOTHING
    status: Safe = NOTHING
    az: Safe = NOTHING
    account: Safe = NOTHING
    group: str = ""  # the cluster or replication group it belongs to
    storage: str = ""
    klass: str = ""
    key: str = ""
    endpoint: tuple[str, int] | None = None
    ties: Ties = NO_TIES
    facts: tuple[tuple[Safe, Safe], ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def thing(self) -> Thing:
        return Thing(self.kind, self.name)

    def described(self, about: ResourceId, place: Place, cluster: ResourceId | None, now: datetime) -> Described:
        return Described(
            about=about,
            observed=now,
            kind=self.kind,
            engine=self.engine,
            role=self.role,
            status=self.status,
            az=self.az,
            region=sanitise(place.region),
            account=self.account,
            cluster=cluster,
            facts=self.facts,
            tags=tuple((sanitise(key), sanitise(self.tags[key])) for key in sorted(self.tags)),
        )

    def found(self, about: ResourceId, place: Place) -> Found:
        return Found(
            id=about,
            place=place,
            kind=self.kind,
            engine=self.engine,
            name=self.name,
            arn=self.arn,
            namespace=self.namespace,
            dimensions=self.dimensions,
            role=self.role,
            storage=self.storage,
            klass=self.klass,
            key=self.key,
            endpoint=self.endpoint,
            ties=self.ties,
        )


def account_in(arn: str) -> Safe:
    return sanitise(account_of(arn))


def those_told(facts: Iterable[tuple[str, Safe]]) -> tuple[tuple[Safe, Safe], ...]:
    """Without those that the answer leaves out."""
    return tuple((sanitise(name), value) for name, value in facts if value)
