"""Which collectors does a SQL Server have?"""

from __future__ import annotations

from collectors.sqlserver.activity import Activity
from collectors.sqlserver.collector import SqlServerCollector
from collectors.sqlserver.queries.collector import TopQueries
from collectors.sqlserver.queries.indexes import IndexUse

COLLECTORS: tuple[type[SqlServerCollector], ...] = (Activity, TopQueries, IndexUse)
