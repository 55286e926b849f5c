/* dbconsole:sessions */
SELECT
    one.session_id,
    one.request_id,
    one.login_time,
    one.login_name,
    one.host_name,
    one.program_name,
    one.session_status,
    one.request_status,
    one.command,
    one.database_id,
    one.isolation,
    one.wait_type,
    one.wait_time,
    one.wait_resource,
    one.blocking_session_id,
    one.total_elapsed_time,
    one.last_request_end,
    one.open_transactions,
    one.transaction_begin,
    one.log_bytes,
    one.tempdb_pages,
    one.cpu_time,
    one.reads,
    one.writes,
    one.granted_query_memory,
    one.dop,
    one.percent_complete,
    one.estimated_completion_time,
    one.listed,
    SUBSTRING(
        txt.text,
        COALESCE(one.statement_start_offset, 0) / 2 + 1,
        CASE
            WHEN one.statement_end_offset > one.statement_start_offset
                AND one.statement_end_offset - one.statement_start_offset < 8000
                THEN (one.statement_end_offset - one.statement_start_offset) / 2 + 1
            ELSE 4000
        END
    ) AS statement
FROM (
    SELECT TOP (200)
        ses.session_id,
        req.request_id,
        DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), ses.login_time) AS login_time,
        ses.login_name,
        ses.host_name,
        ses.program_name,
        ses.status AS session_status,
        req.status AS request_status,
        req.command,
        COALESCE(req.database_id, ses.database_id) AS database_id,
        COALESCE(req.transaction_isolation_level, ses.transaction_isolation_level) AS isolation,
        req.wait_type,
        req.wait_time,
        req.wait_resource,
        req.blocking_session_id,
        req.total_elapsed_time,
        DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), ses.last_request_end_time)
            AS last_request_end,
        ses.open_transaction_count AS open_transactions,
        DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), trx.began) AS transaction_begin,
        trx.log_bytes,
        COALESCE(spc.pages, 0) + COALESCE(tsk.pages, 0) AS tempdb_pages,
        req.cpu_time,
        req.reads,
        req.writes,
        req.granted_query_memory,
        req.dop,
        req.percent_complete,
        req.estimated_completion_time,
        req.statement_start_offset,
        req.statement_end_offset,
        COALESCE(req.sql_handle, con.most_recent_sql_handle) AS sql_handle,
        COUNT(*) OVER () AS listed
    FROM sys.dm_exec_sessions AS ses
    LEFT JOIN sys.dm_exec_requests AS req
        ON req.session_id = ses.session_id
    LEFT JOIN sys.dm_exec_connections AS con
        ON con.session_id = ses.session_id
        AND con.parent_connection_id IS NULL
    LEFT JOIN (
        SELECT blk.blocking_session_id, COUNT(*) AS blocked
        FROM sys.dm_exec_requests AS blk
        WHERE blk.blocking_session_id > 0
            AND blk.blocking_session_id <> blk.session_id
        GROUP BY blk.blocking_session_id
    ) AS hld
        ON hld.blocking_session_id = ses.session_id
    LEFT JOIN (
        SELECT
            stx.session_id,
            MIN(atx.transaction_begin_time) AS began,
            SUM(COALESCE(dtx.log_bytes, 0)) AS log_bytes
        FROM sys.dm_tran_session_transactions AS stx
        INNER JOIN sys.dm_tran_active_transactions AS atx
            ON atx.transaction_id = stx.transaction_id
        LEFT JOIN (
            SELECT dbt.transaction_id, SUM(dbt.database_transaction_log_bytes_used) AS log_bytes
            FROM sys.dm_tran_database_transactions AS dbt
            GROUP BY dbt.transaction_id
        ) AS dtx
            ON dtx.transaction_id = stx.transaction_id
        GROUP BY stx.session_id
    ) AS trx
        ON trx.session_id = ses.session_id
    LEFT JOIN (
        SELECT
            ssu.session_id,
            SUM(
                ssu.user_objects_alloc_page_count - ssu.user_objects_dealloc_page_count
                + ssu.internal_objects_alloc_page_count - ssu.internal_objects_dealloc_page_count
            ) AS pages
        FROM tempdb.sys.dm_db_session_space_usage AS ssu
        GROUP BY ssu.session_id
    ) AS spc
        ON spc.session_id = ses.session_id
    LEFT JOIN (
        SELECT
            tsu.session_id,
            SUM(
                tsu.user_objects_alloc_page_count - tsu.user_objects_dealloc_page_count
                + tsu.internal_objects_alloc_page_count - tsu.internal_objects_dealloc_page_count
            ) AS pages
        FROM tempdb.sys.dm_db_task_space_usage AS tsu
        GROUP BY tsu.session_id
    ) AS tsk
        ON tsk.session_id = ses.session_id
    WHERE ses.is_user_process = 1
        AND ses.session_id <> @@SPID
        AND (ses.program_name IS NULL OR ses.program_name <> N'dbconsole')
        AND (req.session_id IS NOT NULL OR ses.open_transaction_count > 0 OR hld.blocked > 0)
    ORDER BY
        CASE
            WHEN hld.blocked > 0 AND COALESCE(req.blocking_session_id, 0) IN (0, ses.session_id) THEN 0
            WHEN hld.blocked > 0 THEN 1
            WHEN COALESCE(req.blocking_session_id, 0) NOT IN (0, ses.session_id) THEN 2
            ELSE 3
        END,
        COALESCE(
            req.total_elapsed_time,
            DATEDIFF(minute, ses.last_request_end_time, SYSDATETIME()) * CAST(60000 AS bigint)
        ) DESC
) AS one
OUTER APPLY sys.dm_exec_sql_text(one.sql_handle) AS txt;

SELECT
    COUNT(*) AS connected,
    SYSUTCDATETIME() AS utc_now
FROM sys.dm_exec_sessions AS ses
WHERE ses.is_user_process = 1
    AND ses.session_id <> @@SPID
    AND (ses.program_name IS NULL OR ses.program_name <> N'dbconsole');

SELECT TOP (1000)
    dbs.database_id,
    dbs.name
FROM sys.databases AS dbs;
