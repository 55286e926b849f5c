/* dbconsole:query_store_waits */
-- since: 2017
SELECT TOP (10000)
    CAST(? AS nvarchar(128)) AS database_name,
    wst.plan_id,
    wst.runtime_stats_interval_id AS interval_id,
    wst.execution_type,
    wst.wait_category_desc AS wait_category,
    SUM(wst.total_query_wait_time_ms) AS wait_ms
FROM [{database}].sys.query_store_wait_stats AS wst
INNER JOIN [{database}].sys.query_store_runtime_stats_interval AS itv
    ON itv.runtime_stats_interval_id = wst.runtime_stats_interval_id
WHERE itv.end_time >= DATEADD(second, CAST(? AS int), SYSDATETIMEOFFSET())
GROUP BY wst.plan_id, wst.runtime_stats_interval_id, wst.execution_type, wst.wait_category_desc
ORDER BY SUM(wst.total_query_wait_time_ms) DESC;
