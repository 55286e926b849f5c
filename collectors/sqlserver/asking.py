"""The border to a SQL Server: a question that we own goes in, rows come out, by whatever way they travel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from collectors.errors import CannotCollect
from collectors.readings import ResourceId

Row = TypeVar("Row", bound=BaseModel)

VIEW_SERVER_STATE = "VIEW SERVER STATE"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked. Its text begins with its tag, by which the demo answers and a DBA finds us."""

    name: str
    text: str
    grants: tuple[str, ...] = (VIEW_SERVER_STATE,)
    """The least permission that answers it whole, as T-SQL spells it."""
    within: timedelta = timedelta(seconds=3)
    """The query time-out: what takes longer hurts the server more than it helps."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One result set: names as the statement gives them, values as the driver does."""

    columns: tuple[str, ...]
    values: tuple[tuple[object, ...], ...] = ()

    def each(self) -> list[Mapping[str, object]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.values]

    def as_(self, row: type[Row]) -> tuple[Row, ...]:
        """Checked: raises `CannotCollect`, which names the column, for what is no such row."""
        try:
            return tuple(row.model_validate(each) for each in self.each())
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            what = "The server answered in a form that is not understood."
            mend = "Tell us the server's version, as `SELECT @@VERSION` gives it."
            raise CannotCollect(what, seen=f"{row.__name__}: {place}: {first['msg']}", mend=mend) from error


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


@cache
def text_of(name: str) -> str:
    """The statement of that name, as it is sent: `sql/NAME.sql` beside this module, which begins with its tag."""
    return (files("collectors.sqlserver") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def tag(name: str) -> str:
    """How a statement begins."""
    return f"/* dbconsole:{name} */"
