/* dbconsole:log_space */
-- Sizes by counter: no database has to be entered for them. Segments only of those that are online.
SELECT
    RTRIM(c.instance_name) AS database_name,
    RTRIM(c.counter_name) AS counter_name,
    c.cntr_value AS cntr_value
FROM sys.dm_os_performance_counters AS c
WHERE c.object_name LIKE N'%:Databases%'
    AND RTRIM(c.counter_name) COLLATE Latin1_General_100_CI_AS IN (N'Percent Log Used', N'Log File(s) Size (KB)')
    AND RTRIM(c.instance_name) NOT IN (N'_Total', N'mssqlsystemresource', N'rdsadmin');

SELECT TOP (200)
    d.name AS database_name,
    l.total_vlf_count AS total_vlf_count
FROM sys.databases AS d
CROSS APPLY sys.dm_db_log_stats(d.database_id) AS l
WHERE d.state = 0 AND d.name <> N'rdsadmin'
ORDER BY d.database_id;
