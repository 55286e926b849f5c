"""What did a server say that was waited for, at one time? All of it, with the node that counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import BaseModel, Field

from collectors.database.rows import Rows
from collectors.errors import CannotCollect

WAIT_TYPE = 60  # characters: nvarchar(60)


class NodeRow(BaseModel):
    node: str = Field(default="", max_length=128)
    started: datetime
    ticks_ms: int = Field(ge=0)
    cores: int = Field(ge=0)


class CountedRow(BaseModel):
    wait_type: str = Field(max_length=WAIT_TYPE)
    tasks: int = Field(ge=0)
    ms: int = Field(ge=0)
    signal_ms: int = Field(ge=0)


class WaitingRow(BaseModel):
    wait_type: str = Field(max_length=WAIT_TYPE)
    tasks: int = Field(ge=0)
    ms: int = Field(ge=0)
    longest_ms: int = Field(ge=0)


@dataclass(frozen=True, slots=True)
class Counted:
    """Waits of one type that have ended since the counters began."""

    tasks: int = 0
    ms: int = 0
    signal_ms: int = 0

    def fell_since(self, before: Counted) -> bool:
        """Counters only rise, so that somebody has cleared them."""
        return self.tasks < before.tasks or self.ms < before.ms or self.signal_ms < before.signal_ms


@dataclass(frozen=True, slots=True)
class Waiting:
    """Tasks that wait now."""

    tasks: int = 0
    ms: int = 0
    longest_ms: int = 0


NO_COUNT, NOBODY = Counted(), Waiting()


@dataclass(frozen=True, slots=True)
class Sample:
    node: str
    started: datetime  # as the server tells it
    ticks_ms: int  # its own clock, which only goes on
    cores: int
    counted: Mapping[str, Counted] = field(default_factory=dict)
    waiting: Mapping[str, Waiting] = field(default_factory=dict)

    def blended(self, wait_type: str) -> int:
        """Milliseconds that ended waits took, and that those which go on have taken: each counts once."""
        return self.counted.get(wait_type, NO_COUNT).ms + self.waiting.get(wait_type, NOBODY).ms

    def types(self) -> set[str]:
        return self.counted.keys() | self.waiting.keys()


def sample(answer: tuple[Rows, ...]) -> Sample:
    """Raises `CannotCollect` where it is not what was asked for."""
    if len(answer) != 3:
        raise CannotCollect("The server answered something else than was asked.", seen=f"{len(answer)} result sets")
    nodes, counted, waiting = answer
    found = nodes.as_(NodeRow)
    if len(found) != 1:
        raise CannotCollect("The server does not say which node it is.", seen=f"{len(found)} rows")
    row = found[0]
    return Sample(
        node=row.node,
        started=row.started,
        ticks_ms=row.ticks_ms,
        cores=row.cores,
        counted=_summed(counted.as_(CountedRow)),
        waiting={each.wait_type: Waiting(each.tasks, each.ms, each.longest_ms) for each in waiting.as_(WaitingRow)},
    )


def _summed(rows: Iterable[CountedRow]) -> Mapping[str, Counted]:
    """Some builds have several rows of one type."""
    found: dict[str, Counted] = {}
    for row in rows:
        before = found.get(row.wait_type, NO_COUNT)
        found[row.wait_type] = Counted(before.tasks + row.tasks, before.ms + row.ms, before.signal_ms + row.signal_ms)
    return found
