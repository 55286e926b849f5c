/* dbconsole:tempdb */
-- Amounts are pages of 8 KB; the log of tempdb is not among these files.
SELECT
    COUNT(*) AS files,
    COALESCE(SUM(f.unallocated_extent_page_count), 0) AS free_pages,
    COALESCE(SUM(f.user_object_reserved_page_count), 0) AS user_pages,
    COALESCE(SUM(f.internal_object_reserved_page_count), 0) AS internal_pages,
    COALESCE(SUM(f.version_store_reserved_page_count), 0) AS version_pages
FROM tempdb.sys.dm_db_file_space_usage AS f;

SELECT TOP (500)
    v.database_id AS database_id,
    v.reserved_space_kb AS reserved_space_kb
FROM sys.dm_tran_version_store_space_usage AS v
WHERE v.reserved_space_kb > 0
ORDER BY v.reserved_space_kb DESC;
