/* dbconsole:flush_server */
-- Asked by whoever looks, and by whoever would throw plans out, of the same server: what each may is told of each.
SELECT
    CAST(@@SERVERNAME AS nvarchar(128)) AS server_name,
    CAST(SERVERPROPERTY('MachineName') AS nvarchar(128)) AS machine,
    CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS node,
    DATEADD(minute, -DATEPART(TZOFFSET, SYSDATETIMEOFFSET()), tmp.create_date) AS started,
    DATEDIFF(second, tmp.create_date, SYSDATETIME()) AS up_s,
    DB_NAME() AS database_name,
    CAST(COALESCE(HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER SERVER STATE'), 0) AS int) AS may_server,
    CAST(COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'ALTER ANY DATABASE SCOPED CONFIGURATION'), 0) AS int)
        AS may_database
FROM sys.databases AS tmp
WHERE tmp.name = N'tempdb';
