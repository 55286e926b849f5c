/* dbconsole:flush_handle */
SELECT TOP (100)
    qst.query_hash,
    CONVERT(nvarchar(30), qst.creation_time, 126) AS created,
    qst.execution_count AS executions,
    HASHBYTES('SHA2_256', txt.text) AS text_hash,
    LEFT(txt.text, 4000) AS statement
FROM sys.dm_exec_query_stats AS qst
OUTER APPLY sys.dm_exec_sql_text(qst.plan_handle) AS txt
WHERE qst.plan_handle = CONVERT(varbinary(64), CAST(? AS nvarchar(130)), 1)
ORDER BY qst.creation_time;
