"""What does a database answer? One result set, and how its rows are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from collectors.errors import CannotCollect

Row = TypeVar("Row", bound=BaseModel)


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
            mend = "Tell us the server's version."
            raise CannotCollect(what, seen=f"{row.__name__}: {place}: {first['msg']}", mend=mend) from error
