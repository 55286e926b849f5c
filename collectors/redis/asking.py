"""The border to a Redis or Valkey: the sections of INFO that are wanted go in, its fields come out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from collectors.readings import ResourceId

INFO = "+info"
Fields = Mapping[str, str]
"""By INFO's own names, as the server spells them: whatever it says is checked where it is read."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked. By its name it is counted, and the demo meets a fault."""

    name: str
    sections: tuple[str, ...]  # of INFO, one by one: servers before 7 take no more than one at a time
    grants: tuple[str, ...] = (INFO,)
    """The least permission that answers it, as an ACL spells it."""
    within: timedelta = timedelta(seconds=3)


class Cache(ABC):
    """One node, by the name of its resource.

    * `ask` gives the fields of all the sections of one question, within the question's own deadline.
    * It raises `Denied` for a missing grant, which it names, and `CannotCollect` for everything else: it never
      returns half an answer, never asks again by itself, and never blocks the loop.
    """

    @abstractmethod
    async def ask(self, question: Question) -> Fields:
        """What the node answers."""


class Caches(ABC):
    """Where the caches of an estate are. What is found here lives as long as the engine."""

    @abstractmethod
    def of(self, about: ResourceId) -> Cache:
        """The node that is this resource; raises `CannotCollect` where none can be found, and says what to do."""

    @abstractmethod
    def whose(self, host: str, port: int) -> ResourceId | None:
        """Which resource has this address, as one node calls another; None where that is not known."""
