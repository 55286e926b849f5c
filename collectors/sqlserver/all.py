"""Which collectors does a SQL Server have?"""

from __future__ import annotations

from collectors.sqlserver.activity import Activity
from collectors.sqlserver.asking import Servers
from collectors.sqlserver.backups.collector import BackupsInside
from collectors.sqlserver.collector import Now, SqlServerCollector
from collectors.sqlserver.counters import Counters
from collectors.sqlserver.deadlocks import Deadlocks
from collectors.sqlserver.files import FileStalls
from collectors.sqlserver.identify import Identify
from collectors.sqlserver.memory import MemoryUse
from collectors.sqlserver.queries.collector import TopQueries
from collectors.sqlserver.queries.indexes import IndexUse
from collectors.sqlserver.replication.collector import ReplicaDistance
from collectors.sqlserver.waits.collector import WaitStats
from collectors.sqlserver.waits.judged import AS_SHIPPED, Judge

COLLECTORS: tuple[type[SqlServerCollector], ...] = (
    *(WaitStats, Activity, FileStalls, MemoryUse, Counters, Deadlocks),
    *(TopQueries, IndexUse, Identify),
    *(ReplicaDistance, BackupsInside),
)


def collectors(servers: Servers, now: Now, judge: Judge = AS_SHIPPED) -> list[SqlServerCollector]:
    """One of each. ``judge`` knows which waits only say that a thread is idle."""
    others = (kind(servers, now) for kind in COLLECTORS if kind is not WaitStats)
    return [WaitStats(servers, now, judge), *others]
