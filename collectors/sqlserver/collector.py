"""What all collectors of a SQL Server have in common: where the servers are, and what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from collectors.collector import Collector
from collectors.readings import ResourceId
from collectors.sqlserver.asking import Servers

Now = Callable[[], datetime]


class SqlServerCollector(Collector[ResourceId]):
    """Asks the server of a resource. Counters it remembers are keyed by the resource and by the node that counted."""

    asks: ClassVar[tuple[str, ...]]
    """The tags of its statements."""

    def __init__(self, servers: Servers, now: Now) -> None:
        self._servers = servers
        self._now = now
