"""Which collectors does a SQL Server have?"""

from __future__ import annotations

from collectors.sqlserver.activity import Activity
from collectors.sqlserver.collector import SqlServerCollector
from collectors.sqlserver.counters import Counters
from collectors.sqlserver.deadlocks import Deadlocks
from collectors.sqlserver.files import FileStalls
from collectors.sqlserver.memory import MemoryUse

COLLECTORS: tuple[type[SqlServerCollector], ...] = (Activity, FileStalls, MemoryUse, Counters, Deadlocks)
