/* dbconsole:schedulers */
SELECT
    COUNT(*) AS cores,
    COALESCE(SUM(s.runnable_tasks_count), 0) AS runnable,
    COALESCE(MAX(s.runnable_tasks_count), 0) AS busiest,
    COALESCE(SUM(s.current_workers_count), 0) AS workers,
    (SELECT MAX(i.max_workers_count) FROM sys.dm_os_sys_info AS i) AS most_workers,
    COALESCE(SUM(s.work_queue_count), 0) AS queued,
    COALESCE(SUM(s.pending_disk_io_count), 0) AS pending_io
FROM sys.dm_os_schedulers AS s
WHERE s.status = N'VISIBLE ONLINE';
