"""The border to a Redis or Valkey: the sections of INFO that are wanted go in, its fields come out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from collectors.readings import ResourceId

INFO = "+info"
Fields = Mapping[str, str]
"""By INFO's own names, as the server spells them: whatever it says is checked where it is read."""
Words = tuple[str, ...]
"""One command, a word at a time."""
Reply = str | int | list["Reply"] | None
READS = frozenset(
    {
        *("INFO", "DBSIZE", "SCAN", "TTL", "TYPE", "SELECT", "SLOWLOG GET", "SLOWLOG LEN", "CLIENT LIST"),
        *("LATENCY LATEST", "LATENCY HISTOGRAM", "MEMORY STATS", "CONFIG GET", "CLUSTER INFO", "CLUSTER NODES"),
    }
)
"""All that is ever sent from here: none of it changes what a cache holds."""
_ABOVE_OTHERS = frozenset(("CLIENT", "CLUSTER", "CONFIG", "LATENCY", "MEMORY", "SLOWLOG"))


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked. By its name it is counted, and the demo meets a fault."""

    name: str
    sections: tuple[str, ...] = ()  # of INFO, one by one: servers before 7 take no more than one at a time
    grants: tuple[str, ...] = (INFO,)
    """The least permission that answers it, as an ACL spells it."""
    within: timedelta = timedelta(seconds=3)
    commands: tuple[Words, ...] = ()  # of `READS`, for `read`; SELECT holds for those after it in the same question


class Cache(ABC):
    """One node, by the name of its resource.

    * `ask` gives the fields of all the sections of one question, within the question's own deadline.
    * `read` gives the reply to each of its commands, in one journey; what is not of `READS` is a `ValueError`.
    * The first reply that is an error is raised, however many follow it.
    * It raises `Denied` for a missing grant, which it names, and `CannotCollect` for everything else: it never
      returns half an answer, never asks again by itself, and never blocks the loop.
    """

    @abstractmethod
    async def ask(self, question: Question) -> Fields:
        """What the node answers."""

    @abstractmethod
    async def read(self, question: Question) -> tuple[Reply, ...]:
        """What it replies to each."""


def require_reading(commands: Iterable[Words]) -> None:
    """Of a question that is ours: anything else in it is a fault of ours."""
    for words in commands:
        if not {words[0], " ".join(words[:2])} & READS:
            raise ValueError(f"{' '.join(words[:2])} is nothing that reads")


def grant_of(words: Words) -> str:
    """As an ACL spells it: `+info`, and of commands that have others below them `+slowlog|get`."""
    name, *rest = (word.lower() for word in words)
    return f"+{name}|{rest[0]}" if rest and name.upper() in _ABOVE_OTHERS else f"+{name}"


class Caches(ABC):
    """Where the caches of an estate are. What is found here lives as long as the engine."""

    @abstractmethod
    def of(self, about: ResourceId) -> Cache:
        """The node that is this resource; raises `CannotCollect` where none can be found, and says what to do."""

    @abstractmethod
    def whose(self, host: str, port: int) -> ResourceId | None:
        """Which resource has this address, as one node calls another; None where that is not known."""
