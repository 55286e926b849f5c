/* dbconsole:deadlock_source */
-- Where this node keeps its system_health session, and how often it has met a deadlock since it started.
SELECT
    CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS node,
    i.sqlserver_start_time AS started,
    SYSUTCDATETIME() AS now_utc,
    CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS edition,
    CASE WHEN DB_ID(N'rdsadmin') IS NULL THEN 0 ELSE 1 END AS is_rds,
    (
        SELECT MAX(c.cntr_value)
        FROM sys.dm_os_performance_counters AS c
        WHERE c.object_name LIKE N'%:Locks%'
            AND RTRIM(c.counter_name) COLLATE Latin1_General_100_CI_AS = N'Number of Deadlocks/sec'
            AND RTRIM(c.instance_name) = N'_Total'
    ) AS deadlocks
FROM sys.dm_os_sys_info AS i;
