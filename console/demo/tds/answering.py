"""The border between the wire and what answers: who asks, what is asked, and how it is refused."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from collectors.database.rows import Rows


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks, as they say it themselves."""

    user: str
    host: str = ""
    program: str = ""
    database: str = ""
    read_only: bool = False
    """ApplicationIntent=ReadOnly."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One statement, as it was sent: where it has arguments, their places in the text are called @P1 and so on."""

    text: str
    arguments: tuple[object, ...]
    login: Login


class TdsError(Exception):
    """An error as SQL Server tells one: drivers show the number, the connection stays usable."""

    def __init__(self, number: int, text: str, *, severity: int = 16, state: int = 1) -> None:
        super().__init__(f"{text} ({number})")
        self.number = number
        self.text = text
        self.severity = severity
        self.state = state


class Answerer(ABC):
    """What stands behind one server.

    * `answer` gives the result sets of one statement in their order; one without columns is a statement that has none.
    * It raises `TdsError` for what a server would refuse, and `statements.Dropped` where the line shall break instead.
      Any other exception is told to the client as error 50000.
    * It may be cancelled while it awaits, when the client gives up; it is never asked twice at once by one connection.
    * The type of a column follows from its values: `columns.column_of` says how.
    """

    @abstractmethod
    async def answer(self, asked: Asked) -> Sequence[Rows]:
        """What the statement gives."""

    @abstractmethod
    def admits(self, login: Login, password: str) -> bool:
        """Whether these may come in; else they are told 18456. The password is to be compared, never kept."""
