/* dbconsole:mysql_replica_status */
SHOW REPLICA STATUS
