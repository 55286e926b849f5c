/* dbconsole:mysql_heartbeat */
SELECT h.server_id AS server_id, TIMESTAMPDIFF(MICROSECOND, h.ts, UTC_TIMESTAMP(6)) / 1000000 AS age
FROM {table} AS h
ORDER BY h.ts DESC
LIMIT 20
