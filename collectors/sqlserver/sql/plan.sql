/* dbconsole:plan */
SELECT
    pln.query_plan
FROM (
    SELECT TOP (1)
        qst.plan_handle,
        qst.statement_start_offset,
        qst.statement_end_offset
    FROM sys.dm_exec_query_stats AS qst
    WHERE qst.query_hash = CONVERT(binary(8), CAST(? AS nvarchar(18)), 1)
        AND qst.query_plan_hash = CONVERT(binary(8), CAST(? AS nvarchar(18)), 1)
    ORDER BY qst.last_execution_time DESC
) AS one
CROSS APPLY sys.dm_exec_text_query_plan(one.plan_handle, one.statement_start_offset, one.statement_end_offset) AS pln;
