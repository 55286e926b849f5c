/* dbconsole:waits */
-- The start is only compared with itself, so that its time zone does not matter.
SELECT
    CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS node,
    si.sqlserver_start_time AS started,
    si.ms_ticks AS ticks_ms,
    si.scheduler_count AS cores
FROM sys.dm_os_sys_info AS si;

-- Counters first, and what still waits second: a wait that ends in between is told late, never twice.
SELECT
    ws.wait_type AS wait_type,
    ws.waiting_tasks_count AS tasks,
    ws.wait_time_ms AS ms,
    ws.signal_wait_time_ms AS signal_ms
FROM sys.dm_os_wait_stats AS ws
WHERE ws.waiting_tasks_count > 0;

-- Background threads idle for weeks in waits that nobody has heard of. A request that has no worker has no session yet.
SELECT
    wt.wait_type AS wait_type,
    COUNT_BIG(*) AS tasks,
    SUM(wt.wait_duration_ms) AS ms,
    MAX(wt.wait_duration_ms) AS longest_ms
FROM sys.dm_os_waiting_tasks AS wt
LEFT JOIN sys.dm_exec_sessions AS es ON es.session_id = wt.session_id
WHERE
    wt.wait_type NOT IN (N'DISPATCHER_QUEUE_SEMAPHORE', N'HADR_WORK_QUEUE', N'LOGMGR_QUEUE', N'BROKER_TASK_STOP')
    AND (es.is_user_process = 1 OR wt.wait_type = N'THREADPOOL')
    AND (wt.session_id IS NULL OR wt.session_id <> @@SPID)
GROUP BY wt.wait_type;
