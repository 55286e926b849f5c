"""The border to a SQL Server: a question that we own goes in, rows come out, by whatever way they travel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from collectors.database import question
from collectors.database.rows import Rows
from collectors.readings import ResourceId

VIEW_SERVER_STATE = "VIEW SERVER STATE"


@dataclass(frozen=True, slots=True)
class Question(question.Question):
    """One thing that is asked of a SQL Server."""

    grants: tuple[str, ...] = (VIEW_SERVER_STATE,)


class Server(ABC):
    """One SQL Server instance, by the name of its resource.

    * `ask` gives the result sets of one question, in their order, within the question's own deadline.
    * It raises `Denied` for a missing grant, which it names, and `CannotCollect` for everything else: it never
      returns half an answer, never asks again by itself, and never blocks the loop.
    * Arguments are bound, never written into the text; there are at most a few.
    """

    @abstractmethod
    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        """What the server answers."""


class Servers(ABC):
    """Where the servers of an estate are. What is found here lives as long as the engine."""

    @abstractmethod
    def of(self, about: ResourceId) -> Server:
        """The one that serves this resource; raises `CannotCollect` where none can be found, and says what to do."""


def text_of(name: str) -> str:
    """The statement of that name, as it is sent: `sql/NAME.sql` beside this module."""
    return question.text_of("collectors.sqlserver", name)
