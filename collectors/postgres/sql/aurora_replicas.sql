/* dbconsole:aurora_replicas */
SELECT
    clock_timestamp() AS asked,
    aurora_db_instance_identifier() AS ours,
    r.server_id,
    r.session_id,
    r.durable_lsn::bigint AS durable_lsn,
    r.highest_lsn_rcvd::bigint AS highest_lsn_rcvd,
    r.current_read_lsn::bigint AS current_read_lsn,
    r.replica_lag_in_msec::float8 AS replica_lag_in_msec,
    r.last_update_timestamp::timestamptz AS last_update_timestamp,
    r.last_transport_error
FROM aurora_replica_status() AS r
ORDER BY r.server_id
LIMIT 100
