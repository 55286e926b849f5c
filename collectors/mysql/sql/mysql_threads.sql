/* dbconsole:mysql_threads */
SELECT p.HOST AS host, p.COMMAND AS command, p.STATE AS state
FROM performance_schema.processlist AS p
WHERE p.COMMAND IN ('Binlog Dump', 'Binlog Dump GTID')
LIMIT 200
