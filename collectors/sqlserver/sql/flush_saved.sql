/* dbconsole:flush_saved */
-- What cost most, to be kept before it is thrown out: of one plan, of one database, or of all. A plan that is too large is left out.
SELECT
    top20.query_hash,
    top20.query_plan_hash,
    top20.sql_handle,
    top20.plan_handle,
    CONVERT(nvarchar(30), top20.creation_time, 126) AS created,
    CONVERT(nvarchar(30), top20.last_execution_time, 126) AS last_run,
    top20.execution_count AS executions,
    top20.total_worker_time AS cpu_us,
    top20.total_elapsed_time AS elapsed_us,
    top20.total_logical_reads AS reads,
    top20.total_logical_writes AS writes,
    top20.total_rows AS row_count,
    LEFT(txt.text, 4000) AS statement,
    CASE WHEN DATALENGTH(pln.query_plan) <= 700000 THEN pln.query_plan END AS query_plan
FROM (
    SELECT TOP (20)
        one.query_hash,
        one.query_plan_hash,
        one.sql_handle,
        one.plan_handle,
        one.statement_start_offset,
        one.statement_end_offset,
        one.creation_time,
        one.last_execution_time,
        one.execution_count,
        one.total_worker_time,
        one.total_elapsed_time,
        one.total_logical_reads,
        one.total_logical_writes,
        one.total_rows
    FROM (
        SELECT TOP (500)
            qst.query_hash,
            qst.query_plan_hash,
            qst.sql_handle,
            qst.plan_handle,
            qst.statement_start_offset,
            qst.statement_end_offset,
            qst.creation_time,
            qst.last_execution_time,
            qst.execution_count,
            qst.total_worker_time,
            qst.total_elapsed_time,
            qst.total_logical_reads,
            qst.total_logical_writes,
            qst.total_rows
        FROM sys.dm_exec_query_stats AS qst
        WHERE CAST(? AS nvarchar(130)) = N''
            OR qst.plan_handle = CONVERT(varbinary(64), NULLIF(CAST(? AS nvarchar(130)), N''), 1)
        ORDER BY qst.total_worker_time DESC
    ) AS one
    WHERE CAST(? AS nvarchar(128)) = N''
        OR EXISTS (
            SELECT 1
            FROM sys.dm_exec_plan_attributes(one.plan_handle) AS att
            WHERE att.attribute = N'dbid' AND CONVERT(int, att.value) = DB_ID(CAST(? AS nvarchar(128)))
        )
    ORDER BY one.total_worker_time DESC
) AS top20
OUTER APPLY sys.dm_exec_text_query_plan(
    top20.plan_handle, top20.statement_start_offset, top20.statement_end_offset
) AS pln
OUTER APPLY sys.dm_exec_sql_text(top20.plan_handle) AS txt
ORDER BY top20.total_worker_time DESC;
