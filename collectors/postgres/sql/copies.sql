/* dbconsole:copies */
SELECT
    c.pid,
    c.application_name,
    host(c.client_addr) AS client,
    c.client_hostname,
    c.state,
    c.sync_state,
    c.sent_lsn::text AS sent_lsn,
    c.flush_lsn::text AS flush_lsn,
    c.replay_lsn::text AS replay_lsn,
    extract(epoch FROM c.replay_lag)::float8 AS replay_lag_s,
    c.reply_time AS replied_at,
    s.slot_name,
    s.slot_type,
    coalesce(s.temporary, false) AS temporary
FROM pg_stat_replication AS c
LEFT JOIN pg_replication_slots AS s ON s.active_pid = c.pid
ORDER BY c.pid
LIMIT 200
