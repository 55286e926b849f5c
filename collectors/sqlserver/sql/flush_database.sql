/* dbconsole:flush_database */
SELECT TOP (1)
    dbs.name AS database_name,
    dbs.database_id,
    dbs.state_desc,
    CAST(DATABASEPROPERTYEX(dbs.name, 'Updateability') AS nvarchar(128)) AS updateability
FROM sys.databases AS dbs
WHERE dbs.name = CAST(? AS nvarchar(128));
