"""Which collectors does a PostgreSQL have?"""

from __future__ import annotations

from collectors.postgres.asking import Servers
from collectors.postgres.aurora import AuroraLag
from collectors.postgres.collector import Now, PostgresCollector
from collectors.postgres.lag import Lag

COLLECTORS: tuple[type[PostgresCollector], ...] = (Lag,)
OF_AURORA: tuple[type[PostgresCollector], ...] = (AuroraLag,)
"""It has neither a WAL receiver nor replication slots to tell of."""


def collectors(servers: Servers, now: Now) -> list[PostgresCollector]:
    """One of each."""
    return [kind(servers, now) for kind in COLLECTORS]


def collectors_of_aurora(servers: Servers, now: Now) -> list[PostgresCollector]:
    return [kind(servers, now) for kind in OF_AURORA]
