"""What an estate knows, as a test says it; of what nobody says, nothing is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from collectors.inside.backups import DatabaseBackups
from collectors.inside.identity import Identity
from collectors.inside.queries import Queries
from collectors.inside.replication import Replication
from collectors.inside.sessions import Sessions
from collectors.readings import ReplicaLag
from collectors.safe import Safe
from console.actions.known import KnownInside, Probed, Tested, Value


@dataclass
class Inside(KnownInside):
    """By the name of the resource."""

    of_sessions: dict[str, Sessions] = field(default_factory=dict)
    of_replication: dict[str, Replication] = field(default_factory=dict)
    of_lag: dict[str, ReplicaLag] = field(default_factory=dict)
    of_jobs: dict[str, DatabaseBackups] = field(default_factory=dict)
    of_queries: dict[str, Queries] = field(default_factory=dict)
    of_server: dict[str, Identity] = field(default_factory=dict)
    of_tags: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    of_origins: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[tuple[str, str], Value] = field(default_factory=dict)
    in_trouble: dict[str, tuple[Safe, ...]] = field(default_factory=dict)  # by zone
    tests: tuple[Tested, ...] = ()
    probe: Probed | None = None

    def sessions(self, about: str) -> Sessions | None:
        return self.of_sessions.get(about)

    def replication(self, about: str) -> Replication | None:
        return self.of_replication.get(about)

    def lag(self, about: str) -> ReplicaLag | None:
        return self.of_lag.get(about)

    def jobs(self, about: str) -> DatabaseBackups | None:
        return self.of_jobs.get(about)

    def queries(self, about: str) -> Queries | None:
        return self.of_queries.get(about)

    def server(self, about: str) -> Identity | None:
        return self.of_server.get(about)

    def tags(self, about: str) -> tuple[tuple[str, str], ...]:
        return self.of_tags.get(about, ())

    def origins(self, about: str) -> tuple[str, ...]:
        return self.of_origins.get(about, ())

    def value(self, about: str, name: str) -> Value | None:
        return self.values.get((about, name))

    def called(self, name: str, beside: str) -> str:
        return name

    def failing(self, az: str, beside: str) -> tuple[Safe, ...]:
        return self.in_trouble.get(az, ())

    def tested(self, since: datetime) -> tuple[Tested, ...]:
        return tuple(each for each in self.tests if each.at >= since)

    def probed(self, op: str) -> Probed | None:
        return self.probe
