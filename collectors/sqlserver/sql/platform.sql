/* dbconsole:platform */
SELECT
  CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS version,
  CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS edition,
  CAST(SERVERPROPERTY('EngineEdition') AS int) AS edition_id,
  CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS node,
  DATEADD(minute, -DATEPART(TZOFFSET, SYSDATETIMEOFFSET()), t.create_date) AS started,
  CASE WHEN DB_ID('rdsadmin') IS NOT NULL THEN 1 ELSE 0 END AS has_rdsadmin,
  CASE WHEN OBJECT_ID('msdb.dbo.rds_backup_database') IS NOT NULL THEN 1 ELSE 0 END AS has_rds_procedures
FROM sys.databases AS t
WHERE t.name = 'tempdb';
