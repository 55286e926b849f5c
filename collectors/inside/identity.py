"""Which server is it that answers, and what may it not be asked?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from collectors.readings import Inside
from collectors.safe import NO_TEXT, Safe


@dataclass(frozen=True, slots=True)
class Identity(Inside):
    """As the server tells it of itself."""

    part: ClassVar[Safe] = Safe("server")

    version: Safe
    edition: Safe
    node: Safe  # the machine that answers: another one after a failover
    started: datetime
    availability: Safe  # mirroring, always-on, none, unknown
    cores: int = 0  # 0: the login may not see it
    missing: tuple[Safe, ...] = ()  # grants that the login lacks
    trouble: Safe = NO_TEXT  # what keeps it from being asked well: too old a version
