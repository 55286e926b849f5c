/* dbconsole:replication */
SELECT
    clock_timestamp() AS asked,
    pg_postmaster_start_time() AS started,
    pg_is_in_recovery() AS in_recovery,
    pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS may_see,
    CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn()::text END AS current_lsn,
    CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS timeline,
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()::text END AS receive_lsn,
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text END AS replay_lsn,
    CASE WHEN pg_is_in_recovery() THEN pg_last_xact_replay_timestamp() END AS replayed_at,
    CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE false END AS paused,
    r.pid AS receiver_pid,
    r.status AS receiver_status,
    r.last_msg_receipt_time AS received_at,
    r.latest_end_lsn::text AS latest_end_lsn,
    r.received_tli AS received_timeline,
    r.sender_host,
    r.sender_port,
    r.slot_name AS receiver_slot,
    (SELECT s.setting::bigint FROM pg_settings AS s WHERE s.name = 'recovery_min_apply_delay') AS delay_ms,
    (SELECT s.setting::bigint FROM pg_settings AS s WHERE s.name = 'wal_receiver_timeout') AS receiver_timeout_ms,
    (SELECT s.setting::bigint FROM pg_settings AS s WHERE s.name = 'wal_sender_timeout') AS sender_timeout_ms,
    CASE WHEN pg_is_in_recovery() THEN (
        SELECT sum(c.confl_tablespace + c.confl_lock + c.confl_snapshot + c.confl_bufferpin + c.confl_deadlock)::bigint
        FROM pg_stat_database_conflicts AS c
    ) END AS conflicts
FROM (SELECT 1) AS one
LEFT JOIN pg_stat_wal_receiver AS r ON true
