"""The border to a PostgreSQL: a question that we own goes in, rows come out, by whatever way they travel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from collectors.database import question
from collectors.database.rows import Rows
from collectors.readings import ResourceId

PG_MONITOR = "pg_monitor"


@dataclass(frozen=True, slots=True)
class Question(question.Question):
    """One thing that is asked of a PostgreSQL."""

    grants: tuple[str, ...] = (PG_MONITOR,)


class Server(ABC):
    """One PostgreSQL server, by the name of its resource.

    * `ask` gives the rows of one question within the question's own deadline.
    * It raises `Denied` for a missing grant, which it names, and `CannotCollect` for everything else: it never
      returns half an answer, never asks again by itself, and never blocks the loop.
    * What a login may not see comes as NULL, not as an error: whoever reads rows has to tell the two apart.
    """

    @abstractmethod
    async def ask(self, question: Question) -> Rows:
        """What the server answers."""


class Servers(ABC):
    """Where the servers of an estate are. What is found here lives as long as the engine."""

    @abstractmethod
    def of(self, about: ResourceId) -> Server:
        """The one that serves this resource; raises `CannotCollect` where none can be found, and says what to do."""

    @abstractmethod
    def known_as(self, name: str) -> ResourceId | None:
        """The resource that has this address, or that AWS calls so; None where nobody here has."""


def text_of(name: str) -> str:
    """The statement of that name, as it is sent: `sql/NAME.sql` beside this module."""
    return question.text_of("collectors.postgres", name)
