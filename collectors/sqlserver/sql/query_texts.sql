/* dbconsole:query_texts */
-- A handle is that of a plan, and from where to where the statement stands in its batch.
SELECT
    one.slot,
    CASE WHEN CHARINDEX(N'/* dbconsole:', LEFT(txt.text, 400)) > 0 THEN 1 ELSE 0 END AS is_ours,
    DB_NAME(COALESCE(txt.dbid, att.dbid)) AS database_name,
    SUBSTRING(
        txt.text,
        one.statement_start / 2 + 1,
        CASE
            WHEN one.statement_end > one.statement_start AND one.statement_end - one.statement_start < 8000
                THEN (one.statement_end - one.statement_start) / 2 + 1
            ELSE 4000
        END
    ) AS statement
FROM (
    SELECT
        raw.slot,
        SUBSTRING(raw.handle, 1, 64) AS plan_handle,
        CAST(SUBSTRING(raw.handle, 65, 4) AS int) AS statement_start,
        CAST(SUBSTRING(raw.handle, 69, 4) AS int) AS statement_end
    FROM (
        SELECT val.slot, CONVERT(varbinary(72), NULLIF(val.handle, N''), 1) AS handle
        FROM (
            VALUES
        (0, CAST(? AS nvarchar(160))),
        (1, CAST(? AS nvarchar(160))),
        (2, CAST(? AS nvarchar(160))),
        (3, CAST(? AS nvarchar(160))),
        (4, CAST(? AS nvarchar(160))),
        (5, CAST(? AS nvarchar(160))),
        (6, CAST(? AS nvarchar(160))),
        (7, CAST(? AS nvarchar(160))),
        (8, CAST(? AS nvarchar(160))),
        (9, CAST(? AS nvarchar(160)))
        ) AS val (slot, handle)
    ) AS raw
    WHERE raw.handle IS NOT NULL
) AS one
CROSS APPLY sys.dm_exec_sql_text(one.plan_handle) AS txt
OUTER APPLY (
    SELECT TOP (1) CONVERT(int, pat.value) AS dbid
    FROM sys.dm_exec_plan_attributes(one.plan_handle) AS pat
    WHERE pat.attribute = N'dbid'
) AS att;
