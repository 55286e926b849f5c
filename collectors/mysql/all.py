"""Which collectors does a MySQL or MariaDB server have?"""

from __future__ import annotations

from typing import Any

from collectors.collector import Collector
from collectors.mysql.asking import Servers
from collectors.mysql.collector import Now, ReplicationOfMySql


def collectors(servers: Servers, now: Now) -> list[Collector[Any]]:
    """One of each."""
    return [ReplicationOfMySql(servers, now)]
