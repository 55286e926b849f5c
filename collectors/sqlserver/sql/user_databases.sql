/* dbconsole:user_databases */
SELECT TOP (200)
    dbs.name AS database_name,
    dbs.is_query_store_on,
    CAST(COALESCE(HAS_DBACCESS(dbs.name), 0) AS int) AS has_access
FROM sys.databases AS dbs
WHERE dbs.database_id > 4
    AND dbs.name <> N'rdsadmin'
    AND dbs.state = 0
ORDER BY dbs.name;
