"""What did the inventory find? Shared by the collectors of AWS: the one that lists writes it, the others ask by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from collectors.aws.place import Place
from collectors.aws.ties import NO_TIES, Ties
from collectors.readings import ResourceId


@dataclass(frozen=True, slots=True)
class Found:
    """One resource as AWS names it. Its names are AWS's own, to be asked by; what is shown is in `Described`."""

    id: ResourceId
    place: Place
    kind: str  # instance, cluster, cache, table
    engine: str
    name: str  # DBInstanceIdentifier, DBClusterIdentifier, CacheClusterId, TableName
    arn: str
    namespace: str  # of its metrics: AWS/RDS, AWS/ElastiCache, AWS/DynamoDB
    dimensions: tuple[tuple[str, str], ...]
    role: str = ""  # primary, replica, writer, reader
    storage: str = ""  # StorageType
    klass: str = ""  # DBInstanceClass, CacheNodeType
    key: str = ""  # of KMS, that encrypts a table
    endpoint: tuple[str, int] | None = None  # where a database takes connections; None: nowhere yet
    ties: Ties = NO_TIES


class Known:
    """By place and id. ``on_news`` is called with a place whose resources are others than before."""

    def __init__(self, on_news: Callable[[Place], object] = lambda _: None) -> None:
        self._on_news = on_news
        self._found: dict[Place, dict[ResourceId, Found]] = {}

    def put(self, place: Place, found: Iterable[Found]) -> None:
        """All that a place has now."""
        now = {each.id: each for each in found}
        if now != self._found.get(place):
            self._found[place] = now
            self._on_news(place)

    def of(self, place: Place) -> tuple[Found, ...]:
        return tuple(self._found.get(place, {}).values())

    def everywhere(self) -> tuple[Found, ...]:
        """Of all places."""
        return tuple(each for found in self._found.values() for each in found.values())

    def find(self, about: ResourceId) -> Found | None:
        return next((found[about] for found in self._found.values() if about in found), None)
