/* dbconsole:query_store */
-- The open interval has rows in memory and on disk: both are summed.
SELECT TOP (5000)
    CAST(? AS nvarchar(128)) AS database_name,
    qsq.query_hash,
    qsp.query_plan_hash,
    qsp.query_id,
    agg.plan_id,
    agg.interval_id,
    agg.execution_type,
    CASE
        WHEN agg.first_execution >= TODATETIMEOFFSET(CONVERT(datetime2(3), CAST(? AS nvarchar(30)), 126), 0) THEN 1
        ELSE 0
    END AS is_fresh,
    agg.executions,
    agg.cpu_us,
    agg.elapsed_us,
    agg.reads,
    agg.writes,
    agg.row_count,
    agg.grant_kb
FROM (
    SELECT
        rst.plan_id,
        rst.runtime_stats_interval_id AS interval_id,
        rst.execution_type,
        MIN(rst.first_execution_time) AS first_execution,
        MAX(rst.last_execution_time) AS last_execution,
        SUM(rst.count_executions) AS executions,
        SUM(rst.avg_cpu_time * rst.count_executions) AS cpu_us,
        SUM(rst.avg_duration * rst.count_executions) AS elapsed_us,
        SUM(rst.avg_logical_io_reads * rst.count_executions) AS reads,
        SUM(rst.avg_logical_io_writes * rst.count_executions) AS writes,
        SUM(rst.avg_rowcount * rst.count_executions) AS row_count,
        SUM(8 * rst.avg_query_max_used_memory * rst.count_executions) AS grant_kb
    FROM [{database}].sys.query_store_runtime_stats AS rst
    INNER JOIN [{database}].sys.query_store_runtime_stats_interval AS itv
        ON itv.runtime_stats_interval_id = rst.runtime_stats_interval_id
    WHERE itv.end_time >= DATEADD(second, CAST(? AS int), SYSDATETIMEOFFSET())
    GROUP BY rst.plan_id, rst.runtime_stats_interval_id, rst.execution_type
) AS agg
INNER JOIN [{database}].sys.query_store_plan AS qsp
    ON qsp.plan_id = agg.plan_id
INNER JOIN [{database}].sys.query_store_query AS qsq
    ON qsq.query_id = qsp.query_id
ORDER BY agg.last_execution DESC;

SELECT
    CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS node,
    DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), inf.sqlserver_start_time) AS started,
    inf.ms_ticks,
    CONVERT(nvarchar(30), SYSUTCDATETIME(), 126) AS asked
FROM sys.dm_os_sys_info AS inf;
