/* dbconsole:backup_sets */
-- Of each database the newest of each kind. A row says which zone it was written in; 127 is not known.
SELECT TOP (2000)
    one.database_name,
    one.type,
    one.is_snapshot,
    one.is_copy_only,
    one.is_damaged,
    DATEADD(
        minute,
        CASE
            WHEN one.time_zone BETWEEN -48 AND 56 THEN -15 * one.time_zone
            ELSE DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME())
        END,
        one.finished
    ) AS finished,
    CAST(one.backup_size AS bigint) AS size_bytes,
    CAST(one.size_before AS bigint) AS size_before,
    CAST(bas.is_snapshot AS int) AS base_is_snapshot
FROM (
    SELECT
        bks.database_name,
        bks.type,
        CAST(COALESCE(bks.is_snapshot, 0) AS int) AS is_snapshot,
        CAST(COALESCE(bks.is_copy_only, 0) AS int) AS is_copy_only,
        CAST(COALESCE(bks.is_damaged, 0) AS int) AS is_damaged,
        CAST(bks.time_zone AS int) AS time_zone,
        bks.backup_finish_date AS finished,
        bks.backup_size,
        bks.differential_base_guid,
        LEAD(bks.backup_size) OVER (
            PARTITION BY bks.database_name, bks.type, COALESCE(bks.is_snapshot, 0)
            ORDER BY bks.backup_finish_date DESC
        ) AS size_before,
        ROW_NUMBER() OVER (
            PARTITION BY bks.database_name, bks.type, COALESCE(bks.is_snapshot, 0)
            ORDER BY bks.backup_finish_date DESC
        ) AS place
    FROM msdb.dbo.backupset AS bks
    WHERE bks.backup_finish_date >= DATEADD(day, CASE WHEN bks.type = 'L' THEN -2 ELSE -36 END, SYSDATETIME())
        AND bks.type IN ('D', 'I', 'L')
) AS one
LEFT JOIN msdb.dbo.backupset AS bas
    ON bas.backup_set_uuid = one.differential_base_guid
    AND one.type = 'I'
WHERE one.place = 1
ORDER BY one.database_name, one.type;
