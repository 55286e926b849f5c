/* dbconsole:mysql_connections */
SELECT s.CHANNEL_NAME AS channel,
       s.COUNT_RECEIVED_HEARTBEATS AS heartbeats,
       c.HEARTBEAT_INTERVAL AS heartbeat_period,
       TIMESTAMPDIFF(MICROSECOND, s.LAST_HEARTBEAT_TIMESTAMP, NOW(6)) / 1000000 AS heartbeat_age
FROM performance_schema.replication_connection_status AS s
JOIN performance_schema.replication_connection_configuration AS c ON c.CHANNEL_NAME = s.CHANNEL_NAME
LIMIT 100
