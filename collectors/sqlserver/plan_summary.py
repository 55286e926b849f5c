"""What does a plan say in a few lines: how large is it, what is its dearest part, and what does it warn of?"""

from __future__ import annotations

from dataclasses import dataclass
from xml.parsers import expat

from collectors.safe import Safe, sanitise


@dataclass(slots=True)
class Summary:
    """``cost``: of the whole statement, in the optimiser's unit."""

    operators: int = 0
    cost: float = 0.0
    dearest: str = ""
    share: float = 0.0  # percent of the cost
    missing: float = 0.0  # percent that an index would save
    warnings: tuple[str, ...] = ()

    def lines(self) -> tuple[tuple[Safe, Safe], ...]:
        told = [("operators", f"{self.operators}"), ("estimated cost", f"{self.cost:.4g}")]
        if self.dearest:
            told.append(("dearest operator", f"{self.dearest}, {self.share:.0f}% of the cost"))
        if self.missing:
            told.append(("missing index", f"would save {self.missing:.0f}% by the optimiser's estimate"))
        told += [("warning", warning) for warning in self.warnings]
        return tuple((sanitise(name), sanitise(words)) for name, words in told)


class _Reader:
    """An operator's own cost is what it has more than those right below it."""

    def __init__(self) -> None:
        self.summary = Summary()
        self._open: list[tuple[str, float, float]] = []  # name, cost, what those below cost
        self._depth_of_warnings = 0
        self._warnings: dict[str, None] = {}
        self._dearest = -1.0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "StmtSimple":
                self.summary.cost = max(self.summary.cost, _number(attributes.get("StatementSubTreeCost")))
            case "RelOp":
                self.summary.operators += 1
                cost = _number(attributes.get("EstimatedTotalSubtreeCost"))
                self._open.append((attributes.get("PhysicalOp", ""), cost, 0.0))
            case "MissingIndexGroup":
                self.summary.missing = max(self.summary.missing, _number(attributes.get("Impact")))
            case "Warnings":
                self._depth_of_warnings += 1
                self._warnings |= {key: None for key, value in attributes.items() if value in ("true", "1")}
            case other if self._depth_of_warnings:
                self._warnings[other] = None

    def end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "RelOp":
                operator, cost, below = self._open.pop()
                if self._open:
                    parent = self._open[-1]
                    self._open[-1] = (parent[0], parent[1], parent[2] + cost)
                if cost - below > self._dearest:
                    self._dearest, self.summary.dearest = cost - below, operator
            case "Warnings":
                self._depth_of_warnings -= 1

    def read(self, xml: str) -> Summary:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.Parse(xml, True)
        if self.summary.cost > 0:
            self.summary.share = min(100.0, max(0.0, 100 * self._dearest / self.summary.cost))
        self.summary.warnings = tuple(self._warnings)
        return self.summary


def summary(stripped: str) -> Summary:
    """Of a plan that `strip_plan` has written."""
    return _Reader().read(stripped)


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
