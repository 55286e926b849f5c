/* dbconsole:mysql_server */
SHOW GLOBAL VARIABLES WHERE Variable_name IN (
    'hostname', 'port', 'server_id', 'server_uuid', 'version', 'version_comment', 'read_only',
    'slave_net_timeout', 'replica_net_timeout',
    'slave_parallel_threads', 'slave_parallel_workers', 'replica_parallel_workers')
