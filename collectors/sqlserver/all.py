"""Which collectors does a SQL Server have?"""

from __future__ import annotations

from collectors.sqlserver.collector import SqlServerCollector

COLLECTORS: tuple[type[SqlServerCollector], ...] = ()
