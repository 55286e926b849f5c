"""What does an answer know of the server that is asked, and what is an answer?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from collectors.database.rows import Rows
from collectors.readings import ResourceId
from console.demo.inventory import Machine
from console.demo.model import Model
from console.demo.sqlserver.node import Node, node


@dataclass(frozen=True, slots=True)
class Moment:
    """One server at one time, as its own node tells it."""

    model: Model
    about: ResourceId
    t: float  # true time; the server's own clock may be off by `node.clock_offset_s`
    node: Node

    @property
    def machine(self) -> Machine:
        """With the role that it has now."""
        return self.model.as_at(self.about, self.t)

    @classmethod
    def of(cls, model: Model, about: ResourceId, t: float) -> Moment:
        return cls(model, about, t, node(model, about, t))


Arguments = Sequence[object]
Answer = Callable[[Moment, Arguments], tuple[Rows, ...]]
"""The result sets of one statement. What it remembers between two asks may be only what any order of asking gives."""
