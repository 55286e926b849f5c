"""The databases of one kind of engine that are looked into."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

from collectors.aws.known import Found
from collectors.database.load import Load
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe


class Family(ABC):
    """Of one engine of ours. It asks nothing before `list_is`, and nothing after `close`."""

    @abstractmethod
    def list_is(self, found: Iterable[Found]) -> None:
        """All that the inventory knows now, of every kind: it takes what it looks into."""

    @property
    @abstractmethod
    def loads(self) -> Mapping[ResourceId, Load]:
        """What each that was asked is asked by us."""

    @property
    def notice(self) -> Safe:
        """Something of a connection that whoever looks should know; empty where there is nothing."""
        return NO_TEXT

    @abstractmethod
    def retry(self, about: ResourceId | None) -> None:
        """Somebody asks for another try: a login that was refused may be tried again. None: of all."""

    @abstractmethod
    async def close(self) -> None:
        """Ends what is idle."""
