/* dbconsole:flush_plans */
-- Those that were made so many seconds ago or earlier, of one database or of all.
SELECT
    COUNT(*) AS plans,
    COALESCE(SUM(CAST(one.size_in_bytes AS bigint)), 0) / 1024 AS size_kb
FROM (
    SELECT old.plan_handle, pln.size_in_bytes
    FROM (
        SELECT qst.plan_handle
        FROM sys.dm_exec_query_stats AS qst
        WHERE qst.creation_time < DATEADD(second, CAST(? AS int), SYSDATETIME())
        GROUP BY qst.plan_handle
    ) AS old
    LEFT JOIN sys.dm_exec_cached_plans AS pln ON pln.plan_handle = old.plan_handle
) AS one
WHERE CAST(? AS nvarchar(128)) = N''
    OR EXISTS (
        SELECT 1
        FROM sys.dm_exec_plan_attributes(one.plan_handle) AS att
        WHERE att.attribute = N'dbid' AND CONVERT(int, att.value) = DB_ID(CAST(? AS nvarchar(128)))
    );

SELECT
    COALESCE(SUM(sto.entries_count), 0) AS entries,
    COALESCE(SUM(sto.pages_kb), 0) AS size_kb
FROM sys.dm_os_memory_cache_counters AS sto
WHERE sto.type IN (N'CACHESTORE_SQLCP', N'CACHESTORE_OBJCP');
