/* dbconsole:query_store_texts */
SELECT TOP (10)
    CAST(? AS nvarchar(128)) AS database_name,
    qsq.query_id,
    LEFT(qtx.query_sql_text, 4000) AS statement
FROM [{database}].sys.query_store_query AS qsq
INNER JOIN [{database}].sys.query_store_query_text AS qtx
    ON qtx.query_text_id = qsq.query_text_id
WHERE qsq.query_id IN (
        CAST(? AS bigint),
        CAST(? AS bigint),
        CAST(? AS bigint),
        CAST(? AS bigint),
        CAST(? AS bigint),
        CAST(? AS bigint),
        CAST(? AS bigint),
        CAST(? AS bigint),
        CAST(? AS bigint),
        CAST(? AS bigint)
    );
