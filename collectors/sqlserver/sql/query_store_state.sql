/* dbconsole:query_store_state */
SELECT
    CAST(? AS nvarchar(128)) AS database_name,
    qso.actual_state_desc AS actual_state,
    qso.readonly_reason
FROM [{database}].sys.database_query_store_options AS qso;
