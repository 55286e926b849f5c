"""What all collectors of a PostgreSQL have in common: where the servers are, and what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from collectors.collector import Collector
from collectors.postgres.asking import Servers
from collectors.readings import ResourceId

Now = Callable[[], datetime]


class PostgresCollector(Collector[ResourceId]):
    """Asks the server of a resource."""

    asks: ClassVar[tuple[str, ...]]
    """The tags of its statements."""

    def __init__(self, servers: Servers, now: Now) -> None:
        self._servers = servers
        self._now = now
