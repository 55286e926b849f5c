/* dbconsole:replication */
SELECT
    CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS node,
    CAST(SERVERPROPERTY('ServerName') AS nvarchar(128)) AS server_name,
    SYSUTCDATETIME() AS utc_now,
    CASE
        WHEN DB_ID('rdsadmin') IS NOT NULL AND OBJECT_ID('msdb.dbo.rds_backup_database') IS NOT NULL THEN 1
        ELSE 0
    END AS is_rds,
    HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION') AS sees_names,
    (SELECT COUNT(*) FROM sys.databases AS dbs WHERE dbs.replica_id IS NOT NULL)
        + (SELECT COUNT(*) FROM sys.availability_groups AS grp) AS grouped,
    (SELECT COUNT(*) FROM sys.database_mirroring AS mir WHERE mir.mirroring_state IS NOT NULL) AS mirrored;
