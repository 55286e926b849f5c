/* dbconsole:slots */
SELECT
    s.slot_name,
    s.active,
    pg_wal_lsn_diff(
        CASE
            WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
            ELSE pg_current_wal_lsn()
        END,
        s.restart_lsn
    )::bigint AS kept,
    /* columns that came later: wal_status with 13, inactive_since with 17 */
    to_jsonb(s) ->> 'wal_status' AS wal_status,
    (to_jsonb(s) ->> 'inactive_since')::timestamptz AS inactive_since
FROM pg_replication_slots AS s
WHERE NOT s.temporary
ORDER BY s.slot_name
LIMIT 200
