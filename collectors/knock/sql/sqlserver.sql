/* dbconsole:knock */
SET NOCOUNT ON;
SET LOCK_TIMEOUT 500;
SELECT
    CASE WHEN DB_ID(N'rdsadmin') IS NULL THEN N'master' ELSE N'rdsadmin' END AS asked,
    CONVERT(nvarchar(60), DATABASEPROPERTYEX(
        CASE WHEN DB_ID(N'rdsadmin') IS NULL THEN N'master' ELSE N'rdsadmin' END, 'Updateability')) AS updateability,
    CONVERT(nvarchar(60), DATABASEPROPERTYEX(
        CASE WHEN DB_ID(N'rdsadmin') IS NULL THEN N'master' ELSE N'rdsadmin' END, 'Status')) AS status,
    CONVERT(nvarchar(128), SERVERPROPERTY('ComputerNamePhysicalNetBIOS')) AS node;
