/* dbconsole:files */
-- The first set says who counted and until when; the second what was counted; the third what room there is.
SELECT
    CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS node,
    i.sqlserver_start_time AS started,
    i.ms_ticks AS ms_ticks
FROM sys.dm_os_sys_info AS i;

SELECT TOP (1000)
    v.database_id AS database_id,
    v.file_id AS file_id,
    d.name AS database_name,
    m.name AS file_name,
    m.type_desc AS type_desc,
    v.num_of_reads AS num_of_reads,
    v.num_of_bytes_read AS num_of_bytes_read,
    v.io_stall_read_ms AS io_stall_read_ms,
    v.num_of_writes AS num_of_writes,
    v.num_of_bytes_written AS num_of_bytes_written,
    v.io_stall_write_ms AS io_stall_write_ms,
    v.size_on_disk_bytes AS size_on_disk_bytes
FROM sys.dm_io_virtual_file_stats(NULL, NULL) AS v
INNER JOIN sys.databases AS d ON d.database_id = v.database_id
LEFT JOIN sys.master_files AS m ON m.database_id = v.database_id AND m.file_id = v.file_id
WHERE d.name <> N'rdsadmin'
ORDER BY v.io_stall_read_ms + v.io_stall_write_ms DESC;

SELECT DISTINCT
    s.volume_mount_point AS volume,
    s.total_bytes AS total_bytes,
    s.available_bytes AS available_bytes
FROM sys.master_files AS m
CROSS APPLY sys.dm_os_volume_stats(m.database_id, m.file_id) AS s
WHERE m.file_id = 1 AND m.database_id IN (1, 2);
