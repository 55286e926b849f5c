"""What failovers are watched in, and what knocks have told of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from collectors.aws.place import Place
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.engine.core import Core
from console.engine.databases import Databases


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of one engine. ``folder``: where what is known outlives it; ``of``: which start of the console it is of.

    ``knocks`` False: for one answer, what AWS tells is enough, and nothing goes on between two readings.
    """

    core: Core
    databases: Databases
    place_of: Callable[[ResourceId], Place | None]
    speed: float = 1.0
    folder: Path | None = None
    of: str = ""
    knocks: bool = True


class Seen(NamedTuple):
    """By our own knocks, of one that was asked for: what is None has not happened, or not long enough ago."""

    down: datetime | None
    login: datetime | None
    up: datetime | None
    node_before: Safe
    node_after: Safe
    knocks: int
