"""Which collectors does a SQL Server have?"""

from __future__ import annotations

from collectors.sqlserver.collector import SqlServerCollector
from collectors.sqlserver.counters import Counters
from collectors.sqlserver.deadlocks import Deadlocks
from collectors.sqlserver.files import FileStalls
from collectors.sqlserver.memory import MemoryUse

COLLECTORS: tuple[type[SqlServerCollector], ...] = (FileStalls, MemoryUse, Counters, Deadlocks)
