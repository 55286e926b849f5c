"""Nothing that RDS forbids is in any of our statements."""

from __future__ import annotations

from importlib.resources import files

import pytest

from collectors.sqlserver.forbidden import Forbidden, check, forbidden
from collectors.sqlserver.wire.connection import PROLOGUE

STATEMENTS = {
    each.name: each.read_text(encoding="utf-8")
    for each in (files("collectors.sqlserver") / "sql").iterdir()
    if each.name.endswith(".sql")
}


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_no_statement_of_ours_is_forbidden(name: str) -> None:
    assert forbidden(STATEMENTS[name]) == ""


def test_the_prologue_is_not() -> None:
    assert forbidden(PROLOGUE) == ""


@pytest.mark.parametrize(
    "text",
    [
        "EXEC master..xp_cmdshell 'dir'",
        "exec master.dbo.xp_instance_regread N'HKEY_LOCAL_MACHINE'",
        "EXEC [xp_fixeddrives]",
        "EXEC xp_readerrorlog 0, 1",
        "DBCC  LOGINFO",
        "dbcc dbinfo('x')",
        "SELECT * FROM sys.dm_server_registry",
        "SELECT * FROM msdb.dbo.sysjobsteps",
        "SELECT * FROM [msdb].[dbo].[syssessions]",
        "EXEC sp_validatelogins",
        "EXEC sys.sp_updatestats",
        "EXEC sp_configure 'max degree of parallelism', 1; RECONFIGURE",
        "BACKUP DATABASE x TO DISK = 'y'",
        "RESTORE\nDATABASE x",
        "ALTER DATABASE x SET TRUSTWORTHY ON",
        "CREATE DATABASE y ON (NAME = a) AS SNAPSHOT OF x",
        "SHUTDOWN WITH NOWAIT",
        "CREATE ENDPOINT e",
        "ALTER AVAILABILITY GROUP g FAILOVER",
        "SELECT * FROM OPENROWSET('x', 'y', 'z')",
        "DBCC FREEPROCCACHE",
        "DBCC DROPCLEANBUFFERS",
        "SELECT name FROM rdsadmin.sys.objects",
        "USE [rdsadmin]",
        "EXEC sp_executesql N'DBCC LOGINFO'",
        "DECLARE @s nvarchar(100) = N'SELECT * FROM sys.dm_server_registry'; EXEC (@s)",
    ],
)
def test_what_is_forbidden_is_seen(text: str) -> None:
    assert forbidden(f"/* dbconsole:x */ {text}")
    with pytest.raises(Forbidden):
        check(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 -- not DBCC LOGINFO\n",
        "SELECT 1 /* xp_cmdshell\n is not to be had */",
        "SELECT r.command FROM sys.dm_exec_requests AS r WHERE r.command LIKE N'BACKUP DATABASE%'",
        "SELECT DB_ID('rdsadmin')",
        "EXEC rdsadmin.dbo.rds_read_error_log 0, 1",
        "SELECT * FROM sys.dm_exec_sessions",
        "SELECT d.is_trustworthy_on FROM sys.databases AS d",
        "SELECT * FROM sys.dm_db_log_info(5)",
        "EXEC msdb.dbo.sp_help_job",
        "SELECT b.backup_finish_date FROM msdb.dbo.backupset AS b",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert forbidden(text) == ""
