"""Which collectors does a SQL Server have?"""

from __future__ import annotations

from collectors.sqlserver.activity import Activity
from collectors.sqlserver.collector import SqlServerCollector

COLLECTORS: tuple[type[SqlServerCollector], ...] = (Activity,)
