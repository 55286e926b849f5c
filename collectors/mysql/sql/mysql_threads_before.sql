/* dbconsole:mysql_threads_before */
SELECT p.HOST AS host, p.COMMAND AS command, p.STATE AS state
FROM information_schema.PROCESSLIST AS p
WHERE p.COMMAND IN ('Binlog Dump', 'Binlog Dump GTID', 'Slave_SQL', 'Slave_worker')
LIMIT 200
