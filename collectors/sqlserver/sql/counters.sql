/* dbconsole:counters */
SELECT
    CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS node,
    i.sqlserver_start_time AS started,
    i.ms_ticks AS ms_ticks
FROM sys.dm_os_sys_info AS i;

SELECT TOP (5000)
    RTRIM(c.object_name) AS object_name,
    RTRIM(c.counter_name) AS counter_name,
    RTRIM(c.instance_name) AS instance_name,
    c.cntr_value AS cntr_value,
    c.cntr_type AS cntr_type
FROM sys.dm_os_performance_counters AS c
WHERE RTRIM(c.counter_name) COLLATE Latin1_General_100_CI_AS IN (
        N'Batch Requests/sec',
        N'SQL Compilations/sec',
        N'SQL Re-Compilations/sec',
        N'Page life expectancy',
        N'Buffer cache hit ratio',
        N'Lazy writes/sec',
        N'Free list stalls/sec',
        N'Checkpoint pages/sec',
        N'Page reads/sec',
        N'Page writes/sec',
        N'Full Scans/sec',
        N'Forwarded Records/sec',
        N'Workfiles Created/sec',
        N'Worktables Created/sec',
        N'Worktables From Cache Ratio',
        N'Memory Grants Pending',
        N'Memory Grants Outstanding',
        N'Total Server Memory (KB)',
        N'Target Server Memory (KB)',
        N'Lock Waits/sec',
        N'Number of Deadlocks/sec',
        N'Average Wait Time (ms)',
        N'Average Latch Wait Time (ms)',
        N'User Connections',
        N'Logins/sec',
        N'Processes blocked',
        N'Transactions/sec',
        N'Log Flushes/sec',
        N'Percent Log Used',
        N'Free Space in tempdb (KB)',
        N'Version Store Size (KB)',
        N'Log Send Queue',
        N'Recovery Queue',
        N'Transaction Delay',
        N'Redo Queue KB',
        N'Buffer cache hit ratio base',
        N'Worktables From Cache Base',
        N'Average Wait Time Base',
        N'Average Latch Wait Time Base'
    )
ORDER BY c.object_name, c.counter_name, c.instance_name;
