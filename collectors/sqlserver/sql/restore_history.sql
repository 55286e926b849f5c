/* dbconsole:restore_history */
SELECT TOP (50)
    DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), rsh.restore_date) AS restored,
    rsh.destination_database_name,
    CAST(COALESCE(rsh.recovery, 1) AS int) AS is_whole,
    bks.database_name AS source_name,
    CASE
        WHEN bks.time_zone BETWEEN -48 AND 56 THEN DATEADD(minute, -15 * CAST(bks.time_zone AS int), bks.backup_finish_date)
        ELSE DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), bks.backup_finish_date)
    END AS source_taken
FROM msdb.dbo.restorehistory AS rsh
LEFT JOIN msdb.dbo.backupset AS bks
    ON bks.backup_set_id = rsh.backup_set_id
WHERE rsh.restore_type = 'D'
ORDER BY rsh.restore_date DESC;
