"""One knock at a database's door: what came of it, of which node, and by which address."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collectors.safe import NO_TEXT, Safe


class Door(StrEnum):
    """From shut to open."""

    DARK = "dark"  # nobody answers: no name, no connection, no byte in time
    RECOVERING = "recovering"  # somebody answers, and lets nobody in yet
    READ_ONLY = "read-only"  # one may log in, and not write
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Knock:
    """``began`` and ``ended`` are of the estate's clock. What was not learnt is empty."""

    began: datetime
    ended: datetime
    door: Door
    said: Safe = NO_TEXT  # in the server's or the network's own words; empty where it is open
    node: Safe = NO_TEXT  # who answered: another after a failover
    address: Safe = NO_TEXT  # what the name stood for
    may_log_in: bool | None = None  # None: nobody came so far as to try


class Knocker(ABC):
    """Of one endpoint. `knock` opens a connection of its own each time, logs in, asks for the role, and leaves.

    It never raises for what the server or the network does: that is what it tells. It ends within ``patience_s``.
    Cancelling it leaves no connection behind. What only our side lacks (no login in the profile, no driver) raises
    `CannotCollect`: then nobody can tell by knocking, and it is said.
    """

    endpoint: Safe  # as a person reads it: HOST:PORT
    patience_s: float = 2.0

    @abstractmethod
    async def knock(self) -> Knock: ...
