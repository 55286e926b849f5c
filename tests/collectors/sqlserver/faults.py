"""What is wrong with a statement, and where: the form in which the tests say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from tests.collectors.sqlserver.documented import FLOOR


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    file: str
    line: int
    column: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what}"


@dataclass(slots=True)
class Report:
    """One statement file under judgement, and what was found in it."""

    name: str
    text: str
    since: int = FLOOR  # the first version that it is sent to
    results: int = 0  # how many it gives, as far as it was read
    faults: list[Fault] = field(default_factory=list)

    def at(self, offset: int, what: str) -> None:
        before = self.text[:offset]
        line = before.count("\n") + 1
        fault = Fault(f"{self.name}.sql", line, offset - (before.rfind("\n") + 1) + 1, what)
        if fault not in self.faults:
            self.faults.append(fault)

    def node(self, node: exp.Expr, what: str) -> None:
        self.at(offset_of(node), what)


def offset_of(node: exp.Expr) -> int:
    """Where it begins in the text; sqlglot notes that for names and literals only, so the first of them counts."""
    return min(_offsets(node), default=0)


def _offsets(node: exp.Expr) -> Iterator[int]:
    return (each.meta["start"] for each in node.walk() if "start" in each.meta)
