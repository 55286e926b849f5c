"""The databases of one kind of engine that are looked into."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from collectors.aws.known import Found
from collectors.database.load import Load
from collectors.database.reached import Reached
from collectors.knock.knock import Knocker
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe
from collectors.threads import Threads


class Family(ABC):
    """Of one engine of ours. It asks nothing before `list_is`, and nothing after `close`."""

    def __init__(self, reached: Reached[Any, Any]) -> None:
        self._reached = reached

    @abstractmethod
    def list_is(self, found: Iterable[Found]) -> None:
        """All that the inventory knows now, of every kind: it takes what it looks into."""

    @abstractmethod
    def speaks(self, found: Found) -> bool:
        """Whether it is of this engine: an instance, a cluster or a node."""

    def knocker(self, found: Found, threads: Threads, now: Callable[[], datetime]) -> Knocker:
        """Of the endpoint that it has; raises `CannotCollect` where there is no login for it, or no endpoint."""
        return self._reached.knocker(found, threads, now)

    def is_asked(self, found: Found) -> bool:
        """Whether the profile has a login for it."""
        return self._reached.is_asked(found)

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
