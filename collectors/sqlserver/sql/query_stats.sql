/* dbconsole:query_stats */
-- Who asks says since when: plans that were made since are told apart, so that what they counted is all of this interval.
SELECT TOP (10000)
    grp.query_hash,
    grp.query_plan_hash,
    grp.is_fresh,
    grp.executions,
    grp.cpu_us,
    grp.elapsed_us,
    grp.reads,
    grp.writes,
    grp.row_count,
    grp.spills,
    grp.grant_kb,
    grp.handle
FROM (
    SELECT
        one.query_hash,
        one.query_plan_hash,
        one.is_fresh,
        SUM(one.execution_count) AS executions,
        SUM(one.total_worker_time) AS cpu_us,
        SUM(one.total_elapsed_time) AS elapsed_us,
        SUM(one.total_logical_reads) AS reads,
        SUM(one.total_logical_writes) AS writes,
        SUM(one.total_rows) AS row_count,
        SUM(one.total_spills) AS spills,
        SUM(one.total_grant_kb) AS grant_kb,
        MAX(one.handle) AS handle,
        MAX(MAX(one.ended)) OVER (PARTITION BY one.query_hash, one.query_plan_hash) AS ended
    FROM (
        SELECT
            qst.query_hash,
            qst.query_plan_hash,
            qst.execution_count,
            qst.total_worker_time,
            qst.total_elapsed_time,
            qst.total_logical_reads,
            qst.total_logical_writes,
            qst.total_rows,
            qst.total_spills,
            qst.total_grant_kb,
            CASE WHEN qst.creation_time >= CONVERT(datetime2(3), CAST(? AS nvarchar(30)), 126) THEN 1 ELSE 0 END
                AS is_fresh,
            DATEADD(second, CAST(qst.last_elapsed_time / 1000000 AS int), qst.last_execution_time) AS ended,
            CAST(qst.plan_handle AS binary(64))
                + CAST(qst.statement_start_offset AS binary(4))
                + CAST(qst.statement_end_offset AS binary(4))
                + CAST(DATALENGTH(qst.plan_handle) AS binary(1)) AS handle
        FROM sys.dm_exec_query_stats AS qst
    ) AS one
    GROUP BY one.query_hash, one.query_plan_hash, one.is_fresh
) AS grp
WHERE grp.ended >= DATEADD(second, CAST(? AS int), SYSDATETIME())
ORDER BY grp.ended DESC;

SELECT
    CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS node,
    DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), inf.sqlserver_start_time) AS started,
    inf.ms_ticks,
    CAST(SERVERPROPERTY('ProductMajorVersion') AS int) AS version,
    CONVERT(nvarchar(30), SYSDATETIME(), 126) AS asked
FROM sys.dm_os_sys_info AS inf;
