/* dbconsole:index_fragmentation */
-- A table that is not there must not become NULL: that would mean every table of the server.
DECLARE @database_id int = COALESCE(DB_ID(CAST(? AS nvarchar(128))), -1);
DECLARE @object_id int = COALESCE(OBJECT_ID(CAST(? AS nvarchar(776))), -1);

SELECT TOP (100)
    COALESCE(idx.name, N'(heap)') AS index_name,
    phy.index_type_desc AS index_type,
    phy.partition_number,
    phy.avg_fragmentation_in_percent AS fragmentation,
    phy.page_count
FROM sys.dm_db_index_physical_stats(@database_id, @object_id, NULL, NULL, N'LIMITED') AS phy
LEFT JOIN [{database}].sys.indexes AS idx
    ON idx.object_id = phy.object_id
    AND idx.index_id = phy.index_id
WHERE phy.alloc_unit_type_desc = N'IN_ROW_DATA'
ORDER BY phy.page_count DESC;
