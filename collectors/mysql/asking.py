"""The border to a MySQL or MariaDB server: a question that we own goes in, rows come out, whatever way they travel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from collectors.database import question
from collectors.database.rows import Rows
from collectors.readings import ResourceId

REPLICATION_CLIENT = "REPLICATION CLIENT"


@dataclass(frozen=True, slots=True)
class Question(question.Question):
    """One thing that is asked of a server. Nothing is bound: a text is sent as it is."""


class Server(ABC):
    """One server, by the name of its resource.

    * `ask` gives the one result set of a question, within the question's own deadline.
    * It raises `Denied` for a missing grant, which it names, and `CannotCollect` for everything else: it never
      returns half an answer, never asks again by itself, and never blocks the loop.
    """

    @abstractmethod
    async def ask(self, question: Question) -> Rows:
        """What the server answers."""

    @property
    @abstractmethod
    def heartbeat(self) -> str:
        """A table that somebody writes the time into on the source, as `percona.heartbeat`; empty: there is none."""


class Servers(ABC):
    """Where the servers of an estate are. What is found here lives as long as the engine."""

    @abstractmethod
    def of(self, about: ResourceId) -> Server:
        """The one that serves this resource; raises `CannotCollect` where none can be found, and says what to do."""


def asked(name: str, *grants: str) -> Question:
    """The question of that name, as it is sent: `sql/NAME.sql` beside this module."""
    return Question(name, question.text_of("collectors.mysql", name), grants)
