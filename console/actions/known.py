"""The border to what the estate's own collectors know. It asks nobody: what it tells is as old as it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime

from collectors.inside.backups import DatabaseBackups
from collectors.inside.identity import Identity
from collectors.inside.queries import Queries
from collectors.inside.replication import Replication
from collectors.inside.sessions import Sessions
from collectors.readings import ReplicaLag
from collectors.safe import NO_TEXT, Safe


@dataclass(frozen=True, slots=True)
class Value:
    """The newest of a series."""

    value: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Tested:
    """One test of a shard's failover, as our own audit has it."""

    group: str
    shard: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Probed:
    """What our own knocking has told of one operation. What has not happened yet is None.

    ``down``: the first knock that was not let in; ``login``: the first that was again; ``up``: the first that might
    write again. Nodes are as they call themselves, empty where nobody has told.
    """

    down: datetime | None
    login: datetime | None
    up: datetime | None
    node_before: Safe = NO_TEXT
    node_after: Safe = NO_TEXT
    knocks: int = 0


class KnownInside(ABC):
    """``about``: as the estate calls it. None: nothing is known, which is not that there is nothing."""

    @abstractmethod
    def sessions(self, about: str) -> Sessions | None: ...

    @abstractmethod
    def replication(self, about: str) -> Replication | None:
        """As its database tells it, not AWS."""

    @abstractmethod
    def lag(self, about: str) -> ReplicaLag | None: ...

    @abstractmethod
    def jobs(self, about: str) -> DatabaseBackups | None:
        """Where the agent's jobs are told."""

    @abstractmethod
    def queries(self, about: str) -> Queries | None: ...

    @abstractmethod
    def server(self, about: str) -> Identity | None:
        """Which server answered for it last."""

    @abstractmethod
    def tags(self, about: str) -> tuple[tuple[str, str], ...]: ...

    @abstractmethod
    def origins(self, about: str) -> tuple[str, ...]:
        """The databases that a cache stands before, as the profile says it; none where it does not."""

    @abstractmethod
    def value(self, about: str, name: str) -> Value | None:
        """Of CloudWatch, by its name; of any other source by the name of the series, which has a dot."""

    @abstractmethod
    def called(self, name: str, beside: str) -> str:
        """As the estate calls what AWS calls ``name``, in the place of ``beside``; that name where it knows none."""

    @abstractmethod
    def failing(self, az: str, beside: str) -> tuple[Safe, ...]:
        """Others in that zone that are not well, as the inventory has them; none of the family of ``beside``."""

    @abstractmethod
    def tested(self, since: datetime) -> tuple[Tested, ...]:
        """By this user's consoles, wherever."""

    @abstractmethod
    def probed(self, op: str) -> Probed | None:
        """None: nobody knocks for it."""
