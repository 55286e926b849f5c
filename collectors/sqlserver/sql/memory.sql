/* dbconsole:memory */
SELECT
    CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS node,
    i.sqlserver_start_time AS started,
    i.committed_kb AS committed_kb,
    i.committed_target_kb AS committed_target_kb,
    CAST(p.process_physical_memory_low AS int) AS process_low,
    CAST(m.system_low_memory_signal_state AS int) AS system_low,
    (
        SELECT MAX(c.cntr_value)
        FROM sys.dm_os_performance_counters AS c
        WHERE c.object_name LIKE N'%:Buffer Manager%'
            AND RTRIM(c.counter_name) COLLATE Latin1_General_100_CI_AS = N'Page life expectancy'
    ) AS page_life_s
FROM sys.dm_os_sys_info AS i
CROSS JOIN sys.dm_os_process_memory AS p
CROSS JOIN sys.dm_os_sys_memory AS m;

SELECT TOP (15)
    c.type AS type,
    SUM(c.pages_kb) AS pages_kb
FROM sys.dm_os_memory_clerks AS c
GROUP BY c.type
HAVING SUM(c.pages_kb) > 0
ORDER BY SUM(c.pages_kb) DESC;

SELECT TOP (50)
    g.session_id AS session_id,
    g.requested_memory_kb AS requested_memory_kb,
    g.granted_memory_kb AS granted_memory_kb,
    g.used_memory_kb AS used_memory_kb,
    g.ideal_memory_kb AS ideal_memory_kb,
    g.wait_time_ms AS wait_time_ms,
    g.dop AS dop
FROM sys.dm_exec_query_memory_grants AS g
WHERE g.session_id <> @@SPID
ORDER BY CASE WHEN g.grant_time IS NULL THEN 0 ELSE 1 END, g.wait_time_ms DESC, g.granted_memory_kb DESC;

SELECT TOP (50)
    s.target_memory_kb AS target_memory_kb,
    s.available_memory_kb AS available_memory_kb,
    s.granted_memory_kb AS granted_memory_kb,
    s.waiter_count AS waiter_count,
    s.timeout_error_count AS timeout_error_count
FROM sys.dm_exec_query_resource_semaphores AS s
WHERE s.target_memory_kb > 0
ORDER BY s.waiter_count DESC, s.target_memory_kb DESC;
