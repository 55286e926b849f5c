"""The databases of one kind of engine that are looked into."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from collectors.aws.known import Found
from collectors.database.load import Load
from collectors.database.reached import Reached
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe


class Family(ABC):
    """Of one engine of ours. It asks nothing before `list_is`, and nothing after `close`."""

    def __init__(self, reached: Reached[Any, Any]) -> None:
        self._reached = reached

    @abstractmethod
    def list_is(self, found: Iterable[Found]) -> None:
        """All that the inventory knows now, of every kind: it takes what it looks into."""

    @property
    def loads(self) -> Mapping[ResourceId, Load]:
        """What each that was asked is asked by us."""
        return self._reached.loads

    @property
    def notice(self) -> Safe:
        """Of a connection that nobody verifies, or that others can read: whoever looks should know."""
        return next((load.warning for load in self.loads.values() if load.warning), NO_TEXT)

    def retry(self, about: ResourceId | None) -> None:
        """Somebody asks for another try: a login that was refused may be tried again. None: of all."""
        for each in tuple(self.loads) if about is None else (about,):
            self._reached.refresh(each)

    async def close(self) -> None:
        """Ends what is idle."""
        await self._reached.close()
