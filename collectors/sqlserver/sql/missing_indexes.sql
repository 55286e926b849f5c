/* dbconsole:missing_indexes */
SELECT TOP (50)
    det.statement AS table_name,
    det.equality_columns,
    det.inequality_columns,
    det.included_columns,
    gst.user_seeks,
    gst.user_scans,
    gst.avg_total_user_cost,
    gst.avg_user_impact,
    DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), gst.last_user_seek) AS last_user_seek
FROM sys.dm_db_missing_index_group_stats AS gst
INNER JOIN sys.dm_db_missing_index_groups AS grp
    ON grp.index_group_handle = gst.group_handle
INNER JOIN sys.dm_db_missing_index_details AS det
    ON det.index_handle = grp.index_handle
WHERE det.database_id > 4
    AND DB_NAME(det.database_id) <> N'rdsadmin'
ORDER BY gst.avg_total_user_cost * gst.avg_user_impact * (gst.user_seeks + gst.user_scans) DESC;

SELECT
    CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS node,
    DATEDIFF(second, inf.sqlserver_start_time, SYSDATETIME()) AS up_s
FROM sys.dm_os_sys_info AS inf;
