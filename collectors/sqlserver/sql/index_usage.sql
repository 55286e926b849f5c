/* dbconsole:index_usage */
-- Written and never read on this node. What keeps rows unique is of use even so.
SELECT TOP (50)
    CAST(? AS nvarchar(128)) AS database_name,
    sch.name AS schema_name,
    obj.name AS table_name,
    idx.name AS index_name,
    COALESCE(ius.user_updates, 0) AS updates,
    COALESCE(siz.used_kb, 0) AS used_kb
FROM [{database}].sys.indexes AS idx
INNER JOIN [{database}].sys.objects AS obj
    ON obj.object_id = idx.object_id
INNER JOIN [{database}].sys.schemas AS sch
    ON sch.schema_id = obj.schema_id
LEFT JOIN sys.dm_db_index_usage_stats AS ius
    ON ius.database_id = DB_ID(CAST(? AS nvarchar(128)))
    AND ius.object_id = idx.object_id
    AND ius.index_id = idx.index_id
LEFT JOIN (
    SELECT pst.object_id, pst.index_id, SUM(pst.used_page_count) * 8 AS used_kb
    FROM [{database}].sys.dm_db_partition_stats AS pst
    GROUP BY pst.object_id, pst.index_id
) AS siz
    ON siz.object_id = idx.object_id
    AND siz.index_id = idx.index_id
WHERE obj.type = 'U'
    AND obj.is_ms_shipped = 0
    AND idx.index_id > 1
    AND idx.is_primary_key = 0
    AND idx.is_unique_constraint = 0
    AND idx.is_unique = 0
    AND idx.is_disabled = 0
    AND idx.is_hypothetical = 0
    AND COALESCE(ius.user_seeks, 0) + COALESCE(ius.user_scans, 0) + COALESCE(ius.user_lookups, 0) = 0
ORDER BY COALESCE(ius.user_updates, 0) DESC, COALESCE(siz.used_kb, 0) DESC;
