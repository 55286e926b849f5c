/* dbconsole:backup_databases */
SELECT
    SYSUTCDATETIME() AS utc_now,
    DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()) AS to_utc_min,
    CASE
        WHEN DB_ID('rdsadmin') IS NOT NULL AND OBJECT_ID('msdb.dbo.rds_backup_database') IS NOT NULL THEN 1
        ELSE 0
    END AS is_rds;

SELECT TOP (500)
    CAST(dbs.name AS nvarchar(128)) AS database_name,
    dbs.state_desc,
    dbs.user_access_desc,
    dbs.recovery_model_desc,
    CAST(sys.fn_hadr_is_primary_replica(dbs.name) AS int) AS is_primary,
    CAST(DATABASEPROPERTYEX(dbs.name, 'LastGoodCheckDbTime') AS datetime) AS checked
FROM sys.databases AS dbs
WHERE dbs.database_id > 4
    AND dbs.name <> N'rdsadmin'
ORDER BY dbs.name;
