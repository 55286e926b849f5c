/* dbconsole:query_store_plan */
SELECT TOP (1)
    CAST(? AS nvarchar(128)) AS database_name,
    qsp.query_plan
FROM [{database}].sys.query_store_plan AS qsp
INNER JOIN [{database}].sys.query_store_query AS qsq
    ON qsq.query_id = qsp.query_id
WHERE qsq.query_hash = CONVERT(binary(8), CAST(? AS nvarchar(18)), 1)
    AND qsp.query_plan_hash = CONVERT(binary(8), CAST(? AS nvarchar(18)), 1)
ORDER BY qsp.last_execution_time DESC;
