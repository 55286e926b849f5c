/* dbconsole:log_chain */
-- Of one database: its newest log backup, and each before which something is missing.
SELECT TOP (100)
    one.place,
    one.backup_file_time_utc AS taken,
    one.taken_before,
    CAST(one.is_log_chain_broken AS int) AS is_broken,
    CASE WHEN one.starting_lsn > one.ended_before THEN 1 ELSE 0 END AS has_gap,
    one.Error AS error
FROM (
    SELECT
        tlg.backup_file_time_utc,
        tlg.starting_lsn,
        tlg.is_log_chain_broken,
        tlg.Error,
        LAG(tlg.ending_lsn) OVER (PARTITION BY tlg.family_guid ORDER BY tlg.rds_backup_seq_id) AS ended_before,
        LAG(tlg.backup_file_time_utc) OVER (ORDER BY tlg.rds_backup_seq_id) AS taken_before,
        ROW_NUMBER() OVER (ORDER BY tlg.rds_backup_seq_id DESC) AS place
    FROM msdb.dbo.rds_fn_list_tlog_backup_metadata(CAST(? AS nvarchar(128))) AS tlg
) AS one
WHERE one.place = 1
    OR one.is_log_chain_broken = 1
    OR one.starting_lsn > one.ended_before
ORDER BY one.place;
